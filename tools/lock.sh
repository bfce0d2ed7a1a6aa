#!/usr/bin/env bash
# Renew constraints.txt from pyproject.toml: versions only, no address of any registry.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m uv pip compile pyproject.toml --extra test --universal --python-version 3.11 \
  --no-header --no-annotate --quiet --output-file constraints.txt "$@"
