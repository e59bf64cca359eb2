#!/usr/bin/env bash
# Installs what `backend` or `frontend` promises to need and this sandbox lacks: libraries that were added in an
# earlier sandbox. Without a registry the service starts all the same and says what it misses.
set -uo pipefail

known="/home/user/.services/$1.installed"
cd "/home/user/code/$1" || exit 0
case "$1" in
  backend)
    promised() { cat requirements.txt; }
    install() { uv pip install -q -r requirements.txt; }
    ;;
  frontend)
    promised() { cat package.json bun.lock; }
    install() { bun install --frozen-lockfile --no-progress; }
    ;;
esac
if [ "${2:-}" = --note ]; then
  promised >"$known"
elif ! promised 2>/dev/null | cmp -s - "$known"; then
  if install; then
    promised >"$known"
  else
    echo "Not all libraries of the $1 could be installed."
  fi
fi
exit 0
