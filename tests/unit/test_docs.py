"""The documents keep up with the product: every item, command and check is written down."""

import re
import subprocess
from functools import cache
from pathlib import Path

from tools import write_command_docs, write_item_docs

from dudao.facts.items import items
from dudao_pipeline.cli import _parser
from dudao_pipeline.intake import checks

ROOT = Path(__file__).parents[2]


def test_the_page_of_items_is_written_from_the_dictionary():
    current = write_item_docs.PAGE.read_text(encoding="utf-8")
    assert current == write_item_docs.page(), "run: make refresh"
    assert len(re.findall(r"^\| .+ \| `\w+` \|", current, re.MULTILINE)) == len(items())


def test_the_page_of_commands_is_written_from_their_help():
    current = write_command_docs.PAGE.read_text(encoding="utf-8")
    assert current == write_command_docs.page(), "run: python tools/write_command_docs.py"
    assert current.count("\n## dudao ") == len(write_command_docs.commands(_parser()))


def test_every_option_says_what_it_does():
    for name, command in write_command_docs.commands(_parser()).items():
        silent = [a.dest for a in command._actions if a.option_strings and not a.help]
        assert silent == [], name


def test_every_make_target_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    assert all(re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE) for target in phony)


def test_every_check_says_why_it_matters_and_what_to_do():
    for code, words in checks.codes().items():
        assert words["why"].endswith("。") and words["next"].endswith("。"), code


def test_the_guide_has_ten_steps_at_most_with_commands_and_pictures_that_exist():
    guide = (ROOT / "docs" / "guide.zh-CN.md").read_text(encoding="utf-8")
    steps = re.findall(r"^## (\d+)", guide, re.MULTILINE)
    assert steps == [str(number) for number in range(1, len(steps) + 1)]
    assert len(steps) <= 10
    pictures = re.findall(r"\]\(guide/([^)]+)\)", guide)
    assert sorted(pictures) == sorted(path.name for path in (ROOT / "docs/guide").iterdir())
    commands = re.findall(r"^dudao (.+)$", guide, re.MULTILINE)
    assert len(commands) >= 7
    for command in commands:
        _parser().parse_args(command.split())


def test_no_document_names_a_machine_or_a_registry():
    texts = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").rglob("*.md")]
    for path in texts:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"/(home|root|tmp|work)/|pypi\.org|/simple", text), path.name


FILE = r"`([\w/.-]+\.(?:py|yaml|csv))`"


@cache
def listed_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    return listed.stdout.splitlines()


def files_of(name: str) -> list[Path]:
    """List the files of the repository that a document may mean by the end of a path."""
    ending = f"/{name.lstrip('/')}"
    return [ROOT / file for file in listed_files() if f"/{file}".endswith(ending)]


def has_name(path: Path, name: str) -> bool:
    """Say whether a module defines a name, or a file of data has it."""
    text, word = path.read_text("utf-8"), re.escape(name)
    defined = rf"^\s*(?:(?:def|class) {word}\b|{word}(?::.*)? = |{word}: )"
    wanted = defined if path.suffix == ".py" else rf"\b{word}\b"
    return re.search(wanted, text, re.MULTILINE) is not None


def test_every_module_and_name_that_a_document_names_exists():
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    missing = set()
    for document in documents:
        text = document.read_text("utf-8")
        modules = {(file, "") for file in re.findall(FILE, text) if file.endswith(".py")}
        pairs = re.findall(FILE + r"((?:,? `\w+`)+)", text)
        named = {(file, name) for file, names in pairs for name in re.findall(r"\w+", names)}
        missing |= {
            f"{document.name}: {file} {name}"
            for file, name in modules | named
            if not any(not name or has_name(path, name) for path in files_of(file))
        }
    assert missing == set()
