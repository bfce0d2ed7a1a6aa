"""Every file of the store against its digest; what is damaged is written again where it can be."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import FactsError
from dudao.facts import schema, store
from dudao_pipeline.digests import is_as_recorded, sha256
from dudao_pipeline.files import clear_leftovers
from dudao_pipeline.intake import storing
from dudao_pipeline.intake.submission import Submission

REPAIRED = "已修复"


@dataclass(frozen=True)
class Fault:
    """What is wrong with one file of the store, and whether it was mended."""

    county: str
    year: int
    file: str
    what: str
    repaired: bool = False

    def __str__(self) -> str:
        """Return the line that a user reads."""
        done = (
            REPAIRED if self.repaired else "未修复：请用该县的报送表运行 dudao check-store 报送表"
        )
        return f"{self.county}-{self.year} {self.file}：{self.what}。{done}。"


Submissions = Mapping[str, Submission]  # what is at hand, by digest


def everything() -> list[tuple[str, int]]:
    """Return county and year of all that the store holds or once held, sorted."""
    stems = {path.name for path in (workspace.store() / "versions").glob("??????-????")}
    once = {(stem[:6], int(stem[7:])) for stem in stems if stem[:6].isdigit()}
    return sorted({*once, *store.submissions()})


def check_store(at_hand: Submissions) -> Iterator[Fault]:
    """Yield every fault of the store, and mend what can be mended.

    at_hand: submissions by digest. A damaged file is written again from the one it was made of; a
    lost manifest from the other copy of it; what killed writers left and no version names is
    removed.
    """
    clear_leftovers(workspace.store())
    for county, year in everything():
        with storing.one_writer(county, year):
            for path in storing.manifests(county, year):
                yield from _of_manifest(county, year, path, at_hand)
    yield from _unnamed()


def _of_manifest(county: str, year: int, path: Path, at_hand: Submissions) -> Iterator[Fault]:
    """Check one manifest and its files."""
    name = path.relative_to(workspace.store()).as_posix()
    try:
        manifest = store.read_manifest(path)
    except FactsError as error:
        forms = ("清单是新格式", "清单是旧格式")
        what = next((form for form in forms if form[-3:] in str(error)), "清单损坏")
        yield Fault(county, year, name, what, _copied(county, year, path))
        return
    absent = [file for file in store.files_of(manifest) if _state(manifest, file)]
    if not absent and _content(manifest) != manifest["content"]:
        again = _written_again(manifest, at_hand)
        yield Fault(county, year, name, "清单与所列文件的校验值不符", again)
    for file in absent:
        what = _state(manifest, file)
        yield Fault(county, year, file, what, _written_again(manifest, at_hand))


def _state(manifest: dict, file: str) -> str:
    """Return what is wrong with a file, or nothing."""
    path = workspace.store() / file
    if not path.is_file():
        return "文件缺失"
    if not is_as_recorded(path, manifest["files"][file], fully=True):
        return "文件损坏或被改动，与入库时的校验值不符"
    return ""


def _content(manifest: dict) -> str:
    """Return the digest of a manifest's origin and of the files that it names, as they are now."""
    folders = {
        file.rpartition("/")[0]: sha256(workspace.store() / file)
        for file in store.files_of(manifest)
    }
    return storing.content_digest(manifest["meta"], folders)


def _copied(county: str, year: int, path: Path) -> bool:
    """Write a damaged manifest again from the other copy of the same version."""
    newest = store.manifest_path(county, year)
    for copy in reversed(storing.manifests(county, year)):
        if copy == path:
            continue
        with suppress(FactsError, OSError):
            manifest = store.read_manifest(copy)
            if path == newest or int(path.stem) == manifest.get("version"):
                storing.write_manifest(path, manifest)
                return True
    return False


def _written_again(manifest: dict, at_hand: Submissions) -> bool:
    """Write the files of a version again, if the submission that it was made of is at hand."""
    submission = at_hand.get(manifest["digest"])
    return submission is not None and storing.restore(submission, manifest)


def _unnamed() -> Iterator[Fault]:
    """Remove files of tables that no version of their submission names."""
    named: set[str] = set()
    manifests = [path for key in everything() for path in storing.manifests(*key)]
    try:
        for path in manifests:
            named.update(store.files_of(store.read_manifest(path)))
    except FactsError:
        return  # what a damaged manifest names, or one of a newer program, is not known
    named |= _archived()
    for table in schema.TABLES:
        for path in sorted((workspace.store() / table).rglob("*.parquet")):
            name = path.relative_to(workspace.store()).as_posix()
            stem = path.stem
            if name not in named and stem[:6].isdigit() and stem[7:11].isdigit():
                path.unlink()
                yield Fault(stem[:6], int(stem[7:11]), name, "没有任何版次用到，已删去", True)


def _archived() -> set[str]:
    """Return the files that versions taken out of the store name: they stay."""
    names: set[str] = set()
    for path in (workspace.store() / "archive").rglob("*.json"):
        if path.name != store.REMOVAL:
            with suppress(FactsError):
                names.update(store.files_of(store.read_manifest(path)))
    return names
