#!/usr/bin/env bash
# Tests open pages in Debian's chromium and read PDF files with its pdftotext; install what is missing.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
[ ${#missing[@]} -eq 0 ] && exit 0
echo "安装测试所需的 ${missing[*]}……"
as_root=$([ "$(id -u)" = 0 ] || echo sudo)
{ $as_root apt-get update -qq && $as_root apt-get install -y -qq "${missing[@]}"; } >/dev/null 2>&1 || {
  echo "没有 ${missing[*]}，且无法自动安装。请先安装（Debian：apt-get install ${missing[*]}），再运行 make test。" >&2
  exit 1
}
