#!/usr/bin/env bash
# Make .venv from environment.yml's own pip section: one source of dependencies.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "需要 Python 3.11 或更高版本，当前为 $("$python" --version 2>&1)。可用 make PYTHON=路径 指定。" >&2
  exit 2
}
echo "准备运行环境 .venv（首次或依赖变化时才做）……"
[ -x .venv/bin/python ] || "$python" -m venv .venv
uv=$(sed -n 's/^\(uv==[^ ;]*\).*/\1/p' constraints.txt)
.venv/bin/python -m pip install --quiet --disable-pip-version-check "$uv" 2>/dev/null ||
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "$uv"
sed -n 's/^      - \(-[ce] .*\)$/\1/p' environment.yml |
  UV_PYTHON_DOWNLOADS=never .venv/bin/python -m uv pip install --quiet --compile-bytecode --python .venv/bin/python -r -
