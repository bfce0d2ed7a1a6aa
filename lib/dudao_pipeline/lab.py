"""JupyterLab as an analyst uses it: Chinese, no autosave, working copies instead of the baseline.

Everything that the lab writes goes into one ignored folder; the user's home stays as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from dudao.base import workspace
from dudao.base.errors import ParameterError

FIRST = "探索.ipynb"
REFUSED_AFTER_ERROR = 1.0  # seconds
VIEW = Path(__file__).with_name("lab_view.js")
PAGE_STYLES = Path(__file__).with_name("publish") / "templates" / "appendix" / "appendix.css"
_SETTINGS = {
    "translation-extension/plugin": {"locale": "zh_CN"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
    "extensionmanager-extension/plugin": {"enabled": False},
    # Without it, a cell that is run before the kernel is connected opens a dialog to select one.
    "notebook-extension/tracker": {"autoStartDefaultKernel": True},
}


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
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(notebook, copy)
        copies.append(copy)
    return copies


def write_settings(target: Path) -> Path:
    """Write the lab's settings where there are none yet; what an analyst changed is kept."""
    for name, values in _SETTINGS.items():
        plugin, _, section = name.partition("/")
        path = target / "@jupyterlab" / plugin / f"{section}.jupyterlab-settings"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values, ensure_ascii=False, indent=2), encoding="utf-8")
    return target


def write_configuration(target: Path) -> Path:
    """Write what the server leaves out: language servers, which look for npm and use the home."""
    target.mkdir(parents=True, exist_ok=True)
    content = {"ServerApp": {"jpserver_extensions": {"jupyter_lsp": False}}}
    path = target / "jupyter_server_config.json"
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return path


def write_kernel_settings(target: Path) -> Path:
    """Write what a kernel does after an error: it refuses the cells that were asked for with it.

    Without the pause, the cells of “运行所有单元格” that reach the kernel after the error run
    without what it kept from being made, and each adds a traceback below the one red sentence.
    """
    path = target / "profile_default" / "ipython_kernel_config.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (
        'c.IPKernelApp.kernel_class = "warm_kernels.kernel.Kernel"',
        f"c.Kernel.stop_on_error_timeout = {REFUSED_AFTER_ERROR}",
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_extension(target: Path) -> Path:
    """Write the lab's one extension, as JupyterLab finds those that need no build."""
    folder = target / "labextensions" / "dudao-lab"
    (folder / "static").mkdir(parents=True, exist_ok=True)
    build = {"load": "static/view.js", "extension": "./extension"}
    package = {"name": "dudao-lab", "version": "1.0.0", "jupyterlab": {"_build": build}}
    (folder / "package.json").write_text(json.dumps(package, indent=2), encoding="utf-8")
    shutil.copyfile(VIEW, folder / "static" / "view.js")
    return folder


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
        write_settings(base / ".jupyter" / "settings")
        write_configuration(base / ".jupyter" / "config")
        write_kernel_settings(base / ".jupyter" / "ipython")
        write_extension(base / ".jupyter" / "data")
        write_styles(base / ".jupyter" / "config")
    except OSError as error:
        raise ParameterError(
            f"无法写入分析文件夹 {base}：{error.strerror}。请检查权限和磁盘空间后重试。"
        ) from None
    return base
