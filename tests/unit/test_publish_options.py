"""Options of `dudao publish` and files of `dudao ingest` that cannot be are refused at once."""

import pytest

from tests.command_line import dudao


def test_the_layout_of_the_report_is_handed_over_once(tmp_path):
    copy = tmp_path / "版式.docx"
    assert dudao("publish", "--copy-layout", str(copy)).returncode == 0
    first = copy.read_bytes()
    again = dudao("publish", "--copy-layout", str(copy))
    assert again.returncode == 2 and "没有覆盖" in again.stderr and copy.read_bytes() == first


CALLS = [
    (["--year", "2019"], "没有2019年的运行结果。请先运行 dudao run"),
    (["--area", "234"], "区划代码“234”应为2、4或6位数字"),
    (["--public", "公开", "--evidence", "附件"], "--public 不能与 --evidence 同用"),
    (["--wording", "措辞.yaml"], "没有可用的名称“closng”，最接近的是：closing"),
    (["--wording", "没有.yaml"], "读不了措辞文件"),
    (["--layout", "版式.docx"], "版式"),
    (["--reviews", "复核.xlsx"], "复核.xlsx"),
]


@pytest.mark.parametrize(("options", "message"), CALLS, ids=[" ".join(c[0]) for c in CALLS])
def test_an_option_that_cannot_be_publishes_nothing(tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DUDAO_OUTPUTS", str(tmp_path / "outputs"))
    (tmp_path / "措辞.yaml").write_text("closng: {met: 达到}", encoding="utf-8")
    for name in ("版式.docx", "复核.xlsx"):
        (tmp_path / name).write_bytes(b"x")
    done = dudao("publish", *options)
    assert done.returncode == 2 and message in done.stderr, done.stderr
    assert not (tmp_path / "outputs").exists()


def test_a_damaged_problem_list_leaves_what_was_entered(tmp_path):
    (tmp_path / "2024-990102问题清单.xlsx").write_bytes(b"x")
    done = dudao(
        "ingest", str(tmp_path / "2024-990102问题清单.xlsx"), DUDAO_STORE=str(tmp_path / "s")
    )
    assert done.returncode != 0 and "原有的整改内容未变" in done.stderr
