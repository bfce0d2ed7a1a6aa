"""Detached signatures of an edition, made by an office with its own key and program.

A signature is over the edition's record, which holds the sha256 of every other file:

    ssh-keygen -Y sign -f KEY -n dudao-edition editions/1/edition.json     -> edition.json.sig
    minisign -S -s KEY -m editions/1/edition.json                          -> edition.json.minisig
"""

import shutil
import subprocess
from pathlib import Path

RECORD = "edition.json"
SSH, MINISIGN = ".sig", ".minisig"
NAMESPACE = "dudao-edition"


def check(home: Path, signers: Path | None) -> tuple[str, list[str]]:
    """Return what is to be said of an edition's signatures, and what is wrong with them.

    signers: an `allowed_signers` file of ssh-keygen, or a public key of minisign.
    """
    present = [suffix for suffix in (SSH, MINISIGN) if (home / f"{RECORD}{suffix}").is_file()]
    if not present:
        return ("", ["没有签名文件"]) if signers else ("没有签名。", [])
    if signers is None:
        return "有签名文件，没有给出公钥（--signers），未核对签名。", []
    faults = []
    for suffix in present:
        checker = _by_ssh if suffix == SSH else _by_minisign
        faults += checker(home / RECORD, signers)
    return ("" if faults else "签名有效。"), faults


def _by_ssh(record: Path, signers: Path) -> list[str]:
    if not shutil.which("ssh-keygen"):
        return ["本机没有 ssh-keygen，不能核对签名"]
    signature = f"{record}{SSH}"
    common = ["-f", str(signers), "-n", NAMESPACE, "-s", signature]
    with record.open("rb") as content:
        whose = _run(["ssh-keygen", "-Y", "find-principals", *common[:2], *common[4:]])
        names = whose.stdout.split()
        if whose.returncode or not names:
            return ["签名不是由所给公钥中的任何一个作出的"]
        checked = _run(["ssh-keygen", "-Y", "verify", "-I", names[0], *common], stdin=content)
    return [] if checked.returncode == 0 else ["签名与定稿记录不符"]


def _by_minisign(record: Path, signers: Path) -> list[str]:
    if not shutil.which("minisign"):
        return ["本机没有 minisign，不能核对签名"]
    done = _run(["minisign", "-V", "-p", str(signers), "-m", str(record)])
    return [] if done.returncode == 0 else ["签名与定稿记录或公钥不符"]


def _run(command: list[str], stdin: object = subprocess.DEVNULL) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdin=stdin, capture_output=True, text=True, check=False)
