"""What is asked of one county and year, what its pages are made of, whether they are current."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dudao.base.errors import FactsError
from dudao.facts import store
from dudao_pipeline import digests
from dudao_pipeline.county_years import SCENARIO_RESULTS, CountyYear
from dudao_pipeline.intake.problem_plans import plans_path
from dudao_pipeline.publish.public.hidden import PublicEdition

PUBLISHED, PUBLISHED_OPENLY = "published.json", "published-public.json"
SEAL = "seal"
BOOKLET = "appendices.pdf"
_SOURCES = {".py", ".j2", ".css", ".js", ".json", ".typ", ".yaml", ".csv", ".docx"}


@dataclass(frozen=True)
class Task:
    """One county and year to publish; without a folder, what is asked of every county.

    stale: notebook, or scenarios/name/notebook -> why its result is no longer what the inputs give;
    draft: publish, marked as a draft, what the checklist would keep back; pdf: bind the appendices
    to one file too;
    public: publish what the public may see, and to another folder;
    wording, layout: the words and the Word layout that an office lays over ours;
    absent: the store holds other counties and no longer this one: its pages are withdrawn.
    """

    folder: Path = Path()
    stale: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False
    pdf: bool = False
    public: PublicEdition | None = None
    wording: Path | None = None
    layout: Path | None = None
    absent: bool = False

    @property
    def target(self) -> Path:
        """Return the folder that pages are written to."""
        if not self.public:
            return self.folder
        return self.public.folder / str(self.county_year)

    @property
    def record(self) -> Path:
        """Return the file that says what was published; the public does not get it."""
        return self.folder / (PUBLISHED_OPENLY if self.public else PUBLISHED)

    @property
    def county_year(self) -> CountyYear:
        """Return which county and evaluation year the folder holds."""
        return CountyYear.of_folder(self.folder)

    @property
    def label(self) -> str:
        """Return year and county, as remarks name them."""
        return str(self.county_year)


def executed(folder: Path) -> dict[str, Path]:
    """Return the notebooks of a county that were run to the end, by name."""
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    return {path.stem: path for path in paths if not path.name.endswith(".failed.ipynb")}


def scenario_folders(task: Task) -> list[Path]:
    """Return the folders of a county's scenarios; the public gets none."""
    return [] if task.public else sorted(task.folder.glob(f"{SCENARIO_RESULTS}/*/"))


def _digests(folder: Path) -> dict[str, str]:
    return {name: digests.remembered(path) for name, path in executed(folder).items()}


@cache
def program() -> str:
    """Return the digest of what makes pages: this part of the library and its templates."""
    digest = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted(path for path in here.rglob("*") if path.suffix in _SOURCES):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def inputs(task: Task) -> dict[str, object]:
    """Return what a county's pages are made of, as digests."""
    at = task.county_year
    notebooks = _digests(task.folder)
    scenarios = {folder.name: _digests(folder) for folder in scenario_folders(task)}
    content = _content(at)
    asked = {
        "stale": dict(task.stale),
        "absent": task.absent,
        "draft": task.draft,
        "public": [str(task.public.folder), task.public.fewest] if task.public else [],
        "wording": digests.sha256(task.wording) if task.wording else "",
        "layout": digests.sha256(task.layout) if task.layout else "",
    }
    made = {"notebooks": notebooks, "scenarios": scenarios, "facts": content}
    plans = plans_path(at.county, at.year)
    made["plans"] = digests.sha256(plans) if plans.is_file() else ""
    return {"program": program(), **made, **asked}


def _content(at: CountyYear) -> str:
    """Return the digest of what is stored; "" where nothing is, or what is cannot be opened."""
    try:
        return store.content_of(at.county, at.year)
    except FactsError:
        return ""


def sealed(record: Mapping[str, object]) -> dict:
    """Return a record of publication with the digest of all that it says."""
    return {**record, SEAL: _seal(record)}


def _seal(record: Mapping[str, object]) -> str:
    content = {name: value for name, value in record.items() if name != SEAL}
    return digests.of_text(json.dumps(content, ensure_ascii=False, sort_keys=True))


def read_record(task: Task) -> dict | None:
    """Return what was published of a county last; None where the record is gone or was changed."""
    try:
        record = json.loads(task.record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    intact = isinstance(record, dict) and record.get(SEAL) == _seal(record)
    return record if intact else None


def altered(task: Task, *, fully: bool = False) -> list[str]:
    """Name the files of a publication that are gone or not as they were written.

    fully: read them all, whatever is remembered of their digests.
    """
    return _altered(task, read_record(task), fully=fully)


def _altered(task: Task, record: dict | None, *, fully: bool = False) -> list[str]:
    if not task.record.is_file():
        return []
    if record is None:
        return [task.record.name]
    files = record["files"] | record["scenario_files"]
    return [
        name
        for name, digest in sorted(files.items())
        if not digests.is_as_recorded(task.target / name, digest, fully=fully)
    ]


def published(task: Task) -> tuple[dict | None, list[str]]:
    """Return what was published of a county if it is what would be published now.

    Also the files of it that somebody changed or removed. A booklet that is not asked for may be
    there, or not: it shows the same.
    """
    record = read_record(task)
    changed = _altered(task, record)
    is_current = record is not None and not changed and record["inputs"] == inputs(task)
    lacks_booklet = task.pdf and is_current and record["files"] and BOOKLET not in record["files"]
    return (record if is_current and not lacks_booklet else None), changed
