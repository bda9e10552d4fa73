#!/usr/bin/env bash
# The demo, once with each thing that a release consists of: the wheel in a clean environment, by pipx and by
# `uv tool`, the one file, and the Debian package (unpacked, with the system's Python).
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
python=$PWD/.venv/bin/python
"$python" scripts/release.py --draft --into "$folder/dist" >/dev/null
wheel=$(echo "$folder"/dist/*.whl)
# Nothing below asks an index again: what the wheel needs is fetched by the lock.
"$python" -m pip download --quiet --require-hashes --requirement requirements.lock --no-deps --dest "$folder/wheels"
"$python" -m venv "$folder/programs"
"$folder/programs/bin/pip" install --quiet pipx uv

demo() { # NAME ARGUMENT...
    "$python" scripts/demo.py "${@:2}" >"$folder/told" || { cat "$folder/told" && exit 1; }
    echo "artifacts: $1: $(tail -1 "$folder/told")"
}

"$python" -m venv "$folder/clean"
"$folder/clean/bin/pip" install --quiet --no-index --find-links "$folder/wheels" "$wheel"
demo 'wheel in a clean environment' --installed "$folder/clean/bin"

PIPX_HOME=$folder/pipx PIPX_BIN_DIR=$folder/pipx/bin PIPX_MAN_DIR=$folder/pipx/man PIP_NO_INDEX=1 \
    PIP_FIND_LINKS=$folder/wheels "$folder/programs/bin/pipx" install --quiet --python "$python" "$wheel" >/dev/null
demo pipx --installed "$folder/pipx/bin"

UV_TOOL_DIR=$folder/uv UV_TOOL_BIN_DIR=$folder/uv/bin UV_CACHE_DIR=$folder/cache "$folder/programs/bin/uv" tool install \
    --quiet --no-index --find-links "$folder/wheels" --python "$python" "$wheel"
demo 'uv tool' --installed "$folder/uv/bin"

demo 'the one file' --by "$folder/clean/bin/python $(echo "$folder"/dist/*.pyz)"

dpkg-deb --extract "$folder"/dist/*.deb "$folder/root"
if ! /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
    (cd "$folder" && apt-get download -qq python3-yaml 2>/dev/null && dpkg-deb --extract python3-yaml_*.deb "$folder/root")
    export PYTHONPATH=$folder/root/usr/lib/python3/dist-packages
fi
export PATH=/usr/bin:/bin
demo 'Debian package' --installed "$folder/root/usr/bin"
