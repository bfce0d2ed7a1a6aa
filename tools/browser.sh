#!/usr/bin/env bash
# The browser tests use Debian's chromium; install it where that is possible.
set -euo pipefail
command -v chromium >/dev/null && exit 0
echo "安装浏览器测试所需的 chromium……"
as_root=$([ "$(id -u)" = 0 ] || echo sudo)
{ $as_root apt-get update -qq && $as_root apt-get install -y -qq chromium; } >/dev/null 2>&1 || {
  echo "没有 chromium，且无法自动安装。请先安装（Debian：apt-get install chromium），再运行 make test。" >&2
  exit 1
}
