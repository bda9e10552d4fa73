#!/bin/sh
# Write requirements.lock: the newest versions that pyproject.toml allows, with hashes, for Python 3.11 and newer.
# uv makes it, for every platform at once; it is installed into a folder of its own that is removed again.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
"${PYTHON:-python3}" -m venv "$folder/uv"
PIP_DISABLE_PIP_VERSION_CHECK=1 "$folder/uv/bin/python" -m pip install --quiet 'uv>=0.5'
"$folder/uv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra dev \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
    --output-file "$folder/lock" pyproject.toml
cat "$folder/lock" >requirements.lock
echo 'lock: wrote requirements.lock'
