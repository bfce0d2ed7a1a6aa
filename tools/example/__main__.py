"""Write fictional counties, the same for the same seed: `python -m tools.example --help`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import example


def main() -> None:
    """Write fictional counties as CSV twins, or as workbooks where the output is named .xlsx."""
    parser = argparse.ArgumentParser(prog="python -m tools.example", description="生成虚构县")
    parser.add_argument("--counties", type=int, default=6, help="县数")
    parser.add_argument("--years", type=int, default=1, help="评价年度数")
    parser.add_argument("--last-year", type=int, default=2024, help="最后一个评价年度")
    parser.add_argument("--seed", type=int, default=1, help="种子")
    parser.add_argument("-o", "--output", type=Path, default=Path("data/example"), help="写到")
    options = parser.parse_args()
    asked = (options.counties, options.years, options.seed, options.last_year)
    for county in example.make(*asked):
        example.write(county, options.output)
    print(f"虚构数据已写入：{options.output}")


if __name__ == "__main__":
    main()
