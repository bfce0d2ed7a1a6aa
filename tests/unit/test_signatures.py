"""An office signs an edition with a key of its own; `verify --signers` says whose it is."""

import subprocess

import pytest

from dudao_pipeline.publish.release import signatures


@pytest.fixture
def signed(tmp_path):
    """An edition's record, signed by an office, and the file of those who may sign."""
    home, key = tmp_path / "定稿", tmp_path / "key"
    home.mkdir()
    (home / signatures.RECORD).write_text('{"files": {}}', encoding="utf-8")
    _keygen("-q", "-t", "ed25519", "-N", "", "-C", "office", "-f", key)
    _keygen("-q", "-Y", "sign", "-f", key, "-n", signatures.NAMESPACE, home / signatures.RECORD)
    return home, _signers(tmp_path / "allowed", key)


def _keygen(*arguments):
    subprocess.run(["ssh-keygen", *map(str, arguments)], check=True, capture_output=True)


def _signers(path, key, namespace=signatures.NAMESPACE):
    public = key.with_suffix(".pub").read_text(encoding="utf-8")
    path.write_text(f'office namespaces="{namespace}" {public}', encoding="utf-8")
    return path


def test_a_signature_of_the_office_is_valid(signed):
    assert signatures.check(*signed) == ("签名有效。", [])


def test_a_changed_record_and_a_changed_signature_are_named(signed):
    home, signers = signed
    record = home / signatures.RECORD
    record.write_text('{"files": {"a": 1}}', encoding="utf-8")
    assert signatures.check(home, signers) == ("", ["签名与定稿记录不符"])
    record.with_name(record.name + signatures.SSH).write_text("x", encoding="utf-8")
    assert signatures.check(home, signers)[1] == ["签名不是由所给公钥中的任何一个作出的"]


def test_a_signature_by_another_key_or_for_another_purpose_is_none(signed, tmp_path):
    home, _ = signed
    _keygen("-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other")
    other = _signers(tmp_path / "others", tmp_path / "other")
    assert signatures.check(home, other)[1] == ["签名不是由所给公钥中的任何一个作出的"]
    elsewhere = _signers(tmp_path / "elsewhere", tmp_path / "key", "file")
    assert signatures.check(home, elsewhere)[1] != []


def test_what_was_not_checked_is_said(signed):
    home, signers = signed
    assert "未核对签名" in signatures.check(home, None)[0]
    (home / f"{signatures.RECORD}{signatures.SSH}").unlink()
    assert signatures.check(home, None) == ("没有签名。", [])
    assert signatures.check(home, signers) == ("", ["没有签名文件"])
