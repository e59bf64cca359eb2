#!/usr/bin/env bash
# What runs the tests in acceptance/: Playwright for Python, with the sandbox's Node instead of its own (144 MB).
set -euo pipefail

venv=/home/user/.acceptance
uv venv -q --clear "$venv"
uv pip install -q --compile-bytecode --python "$venv/bin/python" -r /home/user/.services/acceptance-requirements.txt
node=$(echo "$venv"/lib/python3*/site-packages/playwright/driver/node)
printf '#!/bin/sh\nexec node "$@"\n' >"$node.tmp"
chmod +x "$node.tmp"
mv "$node.tmp" "$node"
"$venv/bin/python" -m playwright --version
