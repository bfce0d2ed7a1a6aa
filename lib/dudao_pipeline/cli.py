"""The command line. Exit 0 done, 1 something failed, 2 refused, 3 an error that nobody foresaw."""

import csv
import importlib
import keyword
import os
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

from dudao.base.errors import DudaoError
from dudao_pipeline.commands import surroundings
from dudao_pipeline.commands.arguments import Parser, folded, path, speak_chinese, whole_number
from dudao_pipeline.exit_codes import ESCAPED, FAILED, REFUSED
from dudao_pipeline.runner.limits import Limits

ARGUMENTS = Path(__file__).with_name("commands.csv")
_TYPES = {"path": path, "number": whole_number, "folded": folded, "text": str, "integer": int}


def _rows() -> dict[str, list[dict[str, str]]]:
    """Return what commands.csv declares, by command and by +group.

    A row without an argument is the help of its command; +group stands for the rows of that group.
    """
    rows: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(ARGUMENTS.read_text(encoding="utf-8").splitlines()):
        rows.setdefault(row["command"], []).append(row)
    return rows


def _default(row: dict[str, str], read: Callable[[str], Any]) -> Any:
    """Return what stands for an option that is not given: a text or list is empty, not None."""
    if row["default"] == "@processors":
        return os.cpu_count() or 1
    if row["default"] == "@none":
        return None
    if row["more"] == "append" or row["nargs"] == "+":
        return []
    return read(row["default"]) if row["default"] or row["type"] in ("text", "folded") else None


def _add(command: Parser, row: dict[str, str]) -> None:
    """Add an argument to a command; more: required, append, dest=… or choices=…."""
    names, kind, how = row["argument"].split(), row["type"], {"help": row["help"] or None}
    key, _, value = row["more"].partition("=")
    if kind == "flag":
        command.add_argument(*names, action="store_true", **how)
        return
    if kind != "text":
        how["type"] = _TYPES[kind]
    if row["nargs"]:
        how["nargs"] = int(row["nargs"]) if row["nargs"].isdigit() else row["nargs"]
    if words := row["metavar"].split():
        how["metavar"] = tuple(words) if words[1:] else words[0]
    if value:
        how[key] = value.split() if key == "choices" else value
    if key == "append":
        how["action"] = key
    if key == "required":
        how["required"] = True
    elif names[0].startswith("-"):
        how["default"] = _default(row, _TYPES[kind])
        if row["nargs"] == "?":
            how["const"] = ""  # the option without a value
    command.add_argument(*names, **how)


def _parser() -> Parser:
    speak_chinese()
    parser = Parser(prog="dudao", description="县级人民政府履行教育职责自查自评")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    rows = _rows()

    def add_all(command: Parser, listed: list[dict[str, str]]) -> None:
        for row in listed:
            if row["argument"].startswith("+"):
                add_all(command, rows[row["argument"]])
            elif row["argument"]:
                _add(command, row)

    for name, listed in rows.items():
        if not name.startswith("+"):
            command = commands.add_parser(name, help=listed[0]["help"])
            add_all(command, listed)
    for limit in fields(Limits):
        about = {"default": limit.default, "help": limit.metadata["help"], "dest": limit.name}
        option = limit.metadata["option"]
        commands.choices["run"].add_argument(option, type=whole_number, **about)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command; print a Chinese message and return an exit code, whatever happens."""
    options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    try:
        with surroundings.terminated_as_interrupted():
            surroundings.prepare()
            name = options.command.replace("-", "_")
            name = f"{name}_" if keyword.iskeyword(name) else name  # no module is called import
            command = importlib.import_module(f"dudao_pipeline.commands.{name}")
            return command.main(options)
    except DudaoError as error:
        _complain(error)
        return REFUSED
    except KeyboardInterrupt:
        _complain("已中断。已经完成的部分保留，再次运行即可继续。")
        return FAILED
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        from dudao_pipeline.boundary import of_paths, report

        text = of_paths(error, _paths(options))
        _complain(text or report(error))
        return REFUSED if text else ESCAPED


def _paths(options: Namespace) -> list[Path]:
    """Return the paths that were given on the command line."""
    given = (one if isinstance(one, list) else [one] for one in vars(options).values())
    return [value for values in given for value in values if isinstance(value, Path)]


def _complain(text: object) -> None:
    """Print to where errors go; a terminal that cannot show Chinese stops nothing."""
    encoding = sys.stderr.encoding or "utf-8"
    print(str(text).encode(encoding, "replace").decode(encoding), file=sys.stderr)
