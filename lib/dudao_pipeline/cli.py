"""The command line. Exit 0 done, 1 something failed, 2 refused, 3 an error that nobody foresaw."""

from __future__ import annotations

import argparse
import importlib
import keyword
import os
import sys
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from dudao.base.errors import DudaoError
from dudao_pipeline.commands import surroundings
from dudao_pipeline.commands.arguments import Parser, folded, speak_chinese, whole_number
from dudao_pipeline.exit_codes import ESCAPED, FAILED, REFUSED
from dudao_pipeline.runner.limits import Limits

STORED = ""  # --from without a file: last year's as the store has it


def _county_year(command: argparse.ArgumentParser) -> None:
    command.add_argument("--county", required=True, type=folded, help="六位代码或县名")
    command.add_argument("--year", required=True, type=whole_number, help="评价年度")


def _output(
    command: argparse.ArgumentParser, default: str | None = "报送表.xlsx", about: str = "写到"
) -> None:
    path = Path(default) if default else None
    command.add_argument("-o", "--output", type=Path, default=path, help=about)
    command.add_argument("--overwrite", action="store_true", help="文件已经存在时覆盖")


def _workers(command: argparse.ArgumentParser) -> None:
    processes = os.cpu_count() or 1
    command.add_argument("--workers", type=whole_number, default=processes, help="并行进程数")


def _data_commands(commands) -> None:
    template = commands.add_parser("template", help="生成报送表")
    _county_year(template)
    template.add_argument(
        "--from",
        dest="last",
        nargs="?",
        const=STORED,
        help="带出上年数和学校：写上年报送表的文件名；不写文件名则取数据库中上年最后一版",
    )
    template.add_argument(
        "--schools", type=Path, help="学校名单（本单位的表格，照原样），带出学校和幼儿园"
    )
    template.add_argument("--short", action="store_true", help="只要必填的：影响判定的单元格")
    _output(template)
    parser = commands.add_parser("import", help="读取本单位已有的表格，对应到指标，填入报送表")
    parser.add_argument("paths", nargs="+", type=Path, metavar="文件", help=".xlsx 或 .csv，照原样")
    _county_year(parser)
    parser.add_argument(
        "--into", type=Path, help="填入这份已有的报送表；已填的数不改，不一致的列出"
    )
    parser.add_argument(
        "--maps", type=Path, default=Path("maps"), help="对应表所在的文件夹，可以改"
    )
    parser.add_argument("--short", action="store_true", help="新报送表只要必填的单元格")
    parser.add_argument("--dry-run", action="store_true", help="只试读并显示对应，不写文件")
    _output(parser, None, "写到；默认为 --into 的文件或 报送表.xlsx")
    split = commands.add_parser("split", help="把报送表分给各校或各科室填报")
    split.add_argument("workbook", type=Path, metavar="报送表")
    split.add_argument(
        "--by", choices=("school", "office"), default="school", help="school 按学校，office 按科室"
    )
    split.add_argument("--offices", type=Path, help="科室分工文件（.yaml），默认用自带的分工")
    _output(split, "分表", "写到这个文件夹")
    collect = commands.add_parser("collect", help="把收回的分表汇总成一份报送表")
    collect.add_argument("parts", nargs="+", type=Path, metavar="分表或文件夹")
    collect.add_argument("--into", type=Path, help="在这份报送表上汇总；默认新建一份")
    _output(collect)
    ingest = commands.add_parser("ingest", help="检查并导入报送数据")
    ingest.add_argument("paths", nargs="+", type=Path, metavar="文件或文件夹")
    ingest.add_argument(
        "--take",
        action="append",
        default=[],
        type=Path,
        metavar="文件",
        help="几个文件是同一县同一年度时，以这个文件为准；可写多次",
    )
    ingest.add_argument("--reports", type=Path, help="把检查结果写到这个文件夹")
    ingest.add_argument("--json", action="store_true", help="把检查结果以 JSON 写到标准输出")
    export = commands.add_parser("export", help="把库中数据导出为报送表")
    _county_year(export)
    _output(export)
    diff = commands.add_parser("diff", help="比较同一县同一年度的两版数据")
    _county_year(diff)
    diff.add_argument(
        "versions", nargs="*", type=whole_number, metavar="版次", help="两个版次，默认最后两版"
    )
    remove = commands.add_parser("remove", help="把报错的一份报送移出数据库，各版次存档")
    _county_year(remove)
    remove.add_argument("--reason", required=True, help="移出的理由，如“县（区）代码填错”")


def _report_command(commands) -> None:
    check = commands.add_parser("check-report", help="读取一份已公布的报告，标出数字，核对算术")
    check.add_argument("path", type=Path, metavar="文件或文件夹", help=".docx、.pdf、.html 或 .txt")
    check.add_argument("--html", type=Path, help="写出标好数字的报告；文件夹则写出总览页")
    check.add_argument("--xlsx", type=Path, help="把数字和核对结果写成表格")
    check.add_argument("--to-workbook", type=Path, help="把数字填入这份报送表的“报告所列数据”")
    check.add_argument("--county", default="", help="六位代码；与 --year 一起，与库中报送数据核对")
    check.add_argument("--year", type=whole_number, help="评价年度")
    check.add_argument("--last", type=Path, help="同一县上一年的报告，与之核对")
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.add_argument("--text", type=Path, help="把读到的文字写到这个文件")


def _law_command(commands) -> None:
    law = commands.add_parser("law", help="检查法规文件，列出评价方案和标准")
    law.add_argument("--area", default="", type=folded, help="区划代码，2、4或6位；默认全国")
    law.add_argument("--year", type=whole_number, default=2024, help="评价年度")
    law.add_argument("--status", action="store_true", help="写出全部标准的依据一览表")


def _counties_years(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--county",
        default="all",
        type=folded,
        help="六位代码、前两位或四位、县名，逗号分隔；默认全部",
    )
    command.add_argument(
        "--year", default="all", type=folded, help="评价年度，如 2024 或 2022-2024；默认全部"
    )


def _selection(command: argparse.ArgumentParser) -> None:
    _counties_years(command)
    command.add_argument(
        "--notebook", default="all", type=folded, help="分册编号或名称，逗号分隔；默认全部"
    )
    command.add_argument("--scenario", default="", help="情景名称，逗号分隔；默认只用实际数据")


def _run_commands(commands) -> None:
    run = commands.add_parser("run", help="按县、年度、分册运行；没有变化的不再运行")
    _selection(run)
    run.add_argument(
        *("-p", "--parameter"),
        nargs=2,
        action="append",
        default=[],
        metavar=("名称", "值"),
        help="另给笔记本一个参数，可写多次",
    )
    _workers(run)
    run.add_argument("--dry-run", action="store_true", help="只列出要运行什么、为什么")
    run.add_argument("--force", action="store_true", help="没有变化的也重新运行")
    run.add_argument("--only-failed", action="store_true", help="只运行上次失败的")
    run.add_argument("--scheduler", default="", help="Dask 调度器地址，如 tcp://主机:8786")
    for limit in fields(Limits):
        about = {"default": limit.default, "help": limit.metadata["help"], "dest": limit.name}
        run.add_argument(limit.metadata["option"], type=whole_number, **about)
    status = commands.add_parser("status", help="哪些结果是最新的，哪些要重新运行，变了什么")
    _selection(status)
    publish = commands.add_parser("publish", help="把运行结果发布为 HTML 附件和索引")
    _counties_years(publish)
    publish.add_argument("--area", default="", help="区划代码前2、4或6位，逗号分隔；默认全部")
    publish.add_argument("--draft", action="store_true", help="未通过检查的附件也发布，带草稿水印")
    publish.add_argument("--pdf", action="store_true", help="把附件合订为一个PDF")
    publish.add_argument("--public", type=Path, help="另发布公开版到这个文件夹，不含小规模学校")
    publish.add_argument(
        "--fewest-pupils", type=whole_number, default=30, help="公开版中列出的学校最少的学生数"
    )
    publish.add_argument(
        "--reviews", type=Path, nargs="+", default=[], metavar="复核表", help="先读回这些复核表"
    )
    publish.add_argument("--wording", type=Path, help="用这个文件中的措辞起草报告")
    publish.add_argument("--layout", type=Path, help="用这个Word文件（.docx）作报告版式")
    publish.add_argument("--copy-layout", type=Path, help="把自带的报告版式另存到这里，供修改")
    _workers(publish)
    publish.add_argument("--evidence", type=Path, help="从这个文件夹复制登记过的佐证文件")


def _lab_command(commands) -> None:
    lab = commands.add_parser("lab", help="在 JupyterLab 中打开各册的副本")
    lab.add_argument("--port", type=int, default=8888, help="端口")
    lab.add_argument("--no-browser", action="store_true", help="不自动打开浏览器")
    lab.add_argument("--anew", action="store_true", help="重新复制各册，旧的副本另存为 .bak")


def _release_command(commands) -> None:
    release = commands.add_parser("release", help="把已发布的附件定稿存档；更正另存一版并写明理由")
    _county_year(release)
    release.add_argument("--date", required=True, type=folded, help="定稿日期，如 2025-03-01")
    release.add_argument("--reason", default="", help="更正理由，更正时必填")


def _check_store_command(commands) -> None:
    check = commands.add_parser("check-store", help="核对数据库的每个文件，能修复的修复")
    check.add_argument(
        "paths", nargs="*", type=Path, metavar="报送表", help="手头的报送表或文件夹，用来修复"
    )


def _verify_command(commands) -> None:
    verify = commands.add_parser("verify", help="核验定稿或现有结果：核对校验值，再重新计算比较")
    verify.add_argument("path", nargs="?", type=Path, metavar="文件夹", help="定稿或结果的文件夹")
    verify.add_argument("--county", default="", type=folded, help="六位代码")
    verify.add_argument("--year", type=whole_number, default=0, help="评价年度")
    verify.add_argument("--edition", type=whole_number, default=0, help="版次；默认核验现有结果")
    verify.add_argument("--signers", type=Path, help="公钥文件，用来核对定稿的签名")


def _parser() -> Parser:
    speak_chinese()
    parser = Parser(prog="dudao", description="县级人民政府履行教育职责自查自评")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    _data_commands(commands)
    _report_command(commands)
    _law_command(commands)
    _run_commands(commands)
    _release_command(commands)
    _lab_command(commands)
    _verify_command(commands)
    _check_store_command(commands)
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
        from dudao.base.failures import report

        _complain(report(error))
        return ESCAPED


def _complain(text: object) -> None:
    """Print to where errors go; a terminal that cannot show Chinese stops nothing."""
    encoding = sys.stderr.encoding or "utf-8"
    print(str(text).encode(encoding, "replace").decode(encoding), file=sys.stderr)
