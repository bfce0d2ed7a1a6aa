"""Make the pictures of docs/guide.zh-CN.md from the real workbook, commands and pages (虚构).

`python -m tools.draw_guide` works a fictional county through every step in a folder of its own:
LibreOffice shows the sheets, chromium the pages. Both programs have to be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.image
from openpyxl import load_workbook

from tools.example import own_tables as foreign_tables

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "guide"
OWN = "Sheet1"  # of a table that is no workbook of ours
COUNTY, YEAR = "990100", "2024"
WIDTH = 1100  # of a picture, in dots: enough to read, small enough to keep


def dudao(folder: Path, *arguments: str) -> None:
    """Run one command as a clerk would, in the folder of the exercise."""
    command = [Path(sys.executable).with_name("dudao"), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 2):  # a finding is what some pictures show
        raise SystemExit(f"dudao {' '.join(arguments)}: {done.stdout}{done.stderr}")


def keep(picture: Path, name: str, box: tuple[float, float, float, float]) -> None:
    """Keep a part of a picture: shares of its width and height, from left and top."""
    pixels = matplotlib.image.imread(picture)
    height, width = pixels.shape[:2]
    left, top, right, bottom = box
    rows = slice(int(top * height), int(bottom * height))
    columns = slice(int(left * width), int(right * width))
    matplotlib.image.imsave(PICTURES / name, pixels[rows, columns, :3].copy(order="C"))


def sheet(workbook: Path, name: str, picture: str, box: tuple[float, float, float, float]) -> None:
    """Picture the first page of one sheet of a workbook."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        book = load_workbook(workbook)
        for other in book.sheetnames:
            if other != name:
                del book[other]
        if name == OWN:
            for letter in "BCHIJKL":
                book[name].column_dimensions[letter].width = 19
            book[name].page_setup.orientation = "landscape"
            book[name].sheet_properties.pageSetUpPr.fitToPage = True
            book[name].page_setup.fitToHeight = 0
        book.save(folder / "sheet.xlsx")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        office = ["soffice", profile, "--headless", "--convert-to", "pdf", "sheet.xlsx"]
        subprocess.run(office, cwd=folder, capture_output=True, check=True)
        pages = [
            "pdftoppm",
            "-scale-to-x",
            str(WIDTH),
            "-scale-to-y",
            "-1",
            "-f",
            "1",
            "-l",
            "1",
            "-png",
            "sheet.pdf",
            "page",
        ]
        subprocess.run(pages, cwd=folder, check=True)
        keep(next(folder.glob("page*.png")), picture, box)


def page(path: Path, picture: str, height: int = 900) -> None:
    """Picture the top of a page as a browser shows it."""
    with tempfile.TemporaryDirectory() as place:
        shot = Path(place) / "page.png"
        browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        more = [f"--window-size={WIDTH},{height}", f"--screenshot={shot}", path.as_uri()]
        subprocess.run([*browser, *more], capture_output=True, check=True)
        keep(shot, picture, (0, 0, 1, 1))


def make(folder: Path) -> None:
    """Work through the steps and picture each."""
    who = ("--county", COUNTY, "--year", YEAR)
    dudao(folder, "template", *who, "--short")
    sheet(folder / "报送表.xlsx", "县级指标", "1-template.png", (0, 0, 1, 0.62))
    names = ("school_list", "conditions", "kindergartens", "funds_by_stage")
    for name in names:
        foreign_tables.write(name, folder)
    sheet(folder / "conditions.xlsx", "Sheet1", "2-own-table.png", (0, 0, 1, 0.3))
    files = [f"{name}.xlsx" for name in names]
    dudao(folder, "import", *files, *who, "-o", "导入.xlsx")
    sheet(folder / "导入.xlsx", "学校", "2-imported.png", (0, 0, 1, 0.4))
    dudao(folder, "ingest", str(ROOT / "data/example/990100-2024"))
    dudao(folder, "export", *who, "-o", "已填.xlsx")
    dudao(folder, "split", "已填.xlsx", "--by", "office", "-o", "分表")
    sheet(folder / "分表/人事股.xlsx", "县级指标", "3-part.png", (0, 0, 1, 0.5))
    sheet(folder / "已填.xlsx", "佐证材料", "5-evidence.png", (0, 0, 1, 0.45))
    sheet(folder / "已填.xlsx", "自评", "5-ratings.png", (0, 0, 1, 0.45))
    book = load_workbook(folder / "已填.xlsx")
    county = book["县级指标"]
    row = next(cell.row for cell in county["A"] if cell.value == "education_expenditure")
    county.cell(row, 6).value = f"{county.cell(row, 6).value}元"
    book.save(folder / "有错.xlsx")
    dudao(folder, "ingest", "有错.xlsx", "--reports", "检查")
    page(folder / "检查/有错-检查结果.html", "6-findings.png")
    dudao(folder, "run", *who, "--notebook", "00,02", "--workers", "1")
    dudao(folder, "publish", "--draft", "--workers", "1")
    outputs = folder / "outputs"
    page(outputs / "index.html", "8-index.png")
    page(next((outputs / YEAR / COUNTY).glob("02_*.html")), "9-appendix.png")


def main() -> None:
    """Make every picture anew, in a store and outputs of the exercise's own."""
    for program in ("soffice", "pdftoppm", "chromium"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not installed")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ |= {"DUDAO_STORE": f"{place}/store", "DUDAO_OUTPUTS": f"{place}/outputs"}
        make(folder)
    print("\n".join(sorted(path.name for path in PICTURES.iterdir())))


if __name__ == "__main__":
    main()
