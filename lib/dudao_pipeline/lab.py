"""JupyterLab as an analyst uses it: Chinese, no autosave, working copies instead of the baseline.

Everything that the lab writes goes into one ignored folder; the user's home stays as it is.
"""

import json
import os
import sys
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import ParameterError
from dudao_pipeline.files import copy_file

FIRST = "探索.ipynb"
JUPYTER = Path(__file__).with_name("jupyter")  # files as they lie in the lab's folder
PAGE_STYLES = Path(__file__).with_name("publish") / "templates" / "appendix" / "appendix.css"


def folder() -> Path:
    """Return the folder of the lab, `DUDAO_LAB` or `lab`: working copies, settings, runtime."""
    return Path(os.environ.get("DUDAO_LAB") or workspace.root() / "lab")


def title_of(notebook: Path) -> str:
    """Return the file name of a working copy: the notebook's number and its Chinese title."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    heading = "".join(cells[0]["source"]).splitlines()[0].lstrip("# ").strip()
    if notebook.stem == "explore":
        return FIRST
    return "".join(c for c in heading if c not in '/\\:*?"<>|').replace(" · ", " ") + ".ipynb"


def copy_notebooks(target: Path, *, anew: bool = False) -> list[Path]:
    """Copy the notebooks under their titles; a copy that exists is kept unless asked for anew.

    An existing copy that is replaced stays beside it under the ending `.bak`.
    """
    copies = []
    for notebook in sorted(workspace.notebooks().glob("*.ipynb")):
        copy = target / title_of(notebook)
        if copy.exists() and anew and copy.read_bytes() != notebook.read_bytes():
            copy.replace(copy.with_suffix(".ipynb.bak"))
        if not copy.exists():
            copy_file(notebook, copy)
        copies.append(copy)
    return copies


def write_settings(target: Path) -> Path:
    """Write what JUPYTER holds: settings and configuration of lab and kernel, the lab's extension.

    A setting that is there is kept: an analyst may have changed it. Language servers are left out,
    which look for npm and use the home. A kernel refuses the cells that were asked for together
    with one that fails: without that pause those of “运行所有单元格” that reach it after the error
    run without what it kept from being made, and each adds a traceback below the one red sentence.
    """
    for path in JUPYTER.rglob("*.*"):
        copy = target / path.relative_to(JUPYTER)
        if path.is_file() and not (path.suffix == ".jupyterlab-settings" and copy.exists()):
            copy_file(path, copy)
    return target


def write_styles(target: Path) -> Path:
    """Write the look of tables: the rules of the published pages, for what a cell shows."""
    css = PAGE_STYLES.read_text(encoding="utf-8")
    colours = css[css.index(":root") : css.index("}") + 1]
    rules = css[css.index("/* Tables */") : css.index("/* Figures")]
    path = target / "custom" / "custom.css"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{colours}\n.jp-OutputArea .jp-RenderedHTML {{\n{rules}}}\n", encoding="utf-8")
    return path


def environment(base: Path) -> dict[str, str]:
    """Return the environment of the lab: every folder that Jupyter writes to lies in base."""
    home = base / ".jupyter"
    return {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "JUPYTER_DEFAULT_PROVISIONER_NAME": "warm",
    }


def command(base: Path, *, port: int, browser: bool) -> list[str]:
    """Return the command that starts the lab on this machine only, with a token."""
    return [
        *(sys.executable, "-m", "jupyter", "lab", f"--ServerApp.root_dir={base}"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"),
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--LabApp.news_url=None",
        "--LabApp.custom_css=True",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--FileContentsManager.delete_to_trash=False",
        *(() if browser else ("--no-browser",)),
        *(("--allow-root",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
    ]


def prepare(*, anew: bool = False) -> Path:
    """Make the folder of the lab ready and return it."""
    base = folder()
    try:
        copy_notebooks(base, anew=anew)
        write_settings(base / ".jupyter")
        write_styles(base / ".jupyter" / "config")
    except OSError as error:
        raise ParameterError(
            f"无法写入分析文件夹 {base}：{error.strerror}。请检查权限和磁盘空间后重试。"
        ) from None
    return base
