#!/usr/bin/env bash
# The unit and document tests with the oldest or the newest versions that pyproject.toml allows.
#   versions.sh oldest|newest [TESTS...]
set -euo pipefail
cd "$(dirname "$0")/../.."
case ${1:-} in
oldest) resolution=lowest-direct ;;
newest) resolution=highest ;;
*) echo 'usage: versions.sh oldest|newest [TESTS...]' >&2 && exit 2 ;;
esac
tests=("${@:2}")
if [ ${#tests[@]} = 0 ]; then
    tests=(tests/rules tests/documents tests/store tests/operations tests/test_*.py)
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
.venv/bin/python -m venv "$folder/uv"
.venv/bin/python -m venv "$folder/venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$folder/uv/bin/python" -m pip install --quiet 'uv>=0.5'
"$folder/uv/bin/uv" pip compile --quiet --python "$folder/venv/bin/python" --resolution "$resolution" --extra dev \
    --no-annotate --no-header --output-file "$folder/versions" pyproject.toml
"$folder/venv/bin/python" -m pip install --quiet --requirement "$folder/versions"
grep -iE '^(plumbum|sh|tomlkit|pyyaml|sqlite-utils|pytest|hypothesis)=' "$folder/versions" | tr '\n' ' '
echo
"$folder/venv/bin/python" -m pytest -q -n auto --dist worksteal "${tests[@]}"
