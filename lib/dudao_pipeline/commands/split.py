"""dudao split: the workbook in parts, one per school or one per office."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from dudao.base.errors import ParameterError
from dudao.base.short_lists import name_first
from dudao_pipeline.commands.targets import check_folder
from dudao_pipeline.exit_codes import DONE
from dudao_pipeline.intake import parts

NAMED = 5  # parts named when they are written
STEP = 50  # parts between two words of progress


def progress(total: int, word: str) -> Callable[[int], None]:
    """Return what says how many parts are done, every now and then."""

    def tell(number: int) -> None:
        if number % STEP == 0 or number == total > STEP:
            print(f"{word} {number}/{total}", file=sys.stderr)

    return tell


def main(options: argparse.Namespace) -> int:
    """Write the parts of a workbook into a folder."""
    folder: Path = options.output
    check_folder(folder)
    workbook = parts.open_workbook(options.workbook)
    if options.by == parts.SCHOOL:
        pieces = parts.pieces_by_school(workbook)
    else:
        pieces = parts.pieces_by_office(workbook, parts.offices(options.offices))
    names = [piece.name for piece in pieces]
    paths = [folder / parts.file_name(name) for name in names]
    if (there := [path for path in paths if path.exists()]) and not options.overwrite:
        raise ParameterError(
            f"“{there[0]}”等{len(there)}个分表已经存在，没有改动。"
            "请用 -o 另取文件夹；确要覆盖请加 --overwrite。"
        )
    folder.mkdir(parents=True, exist_ok=True)
    tell = progress(len(pieces), "已写出")
    for number, (piece, path) in enumerate(zip(pieces, paths, strict=True), start=1):
        parts.write_piece(workbook, piece, names, path)
        tell(number)
    print(f"分成{len(pieces)}份，写到“{folder}”：{name_first(names, NAMED)}。")
    paths = (str(path) for path in (folder, options.workbook))
    part, whole = (f'"{path}"' if " " in path else path for path in paths)
    print(f"收回后运行：dudao collect {part} -o 汇总报送表.xlsx --into {whole}")
    return DONE
