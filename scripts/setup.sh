#!/bin/sh
# Make .venv beside the Makefile: the package (editable), its dependencies, the test tools, compiled byte code.
# Running it again brings an existing environment up to date.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 1
}

works() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

command -v git >/dev/null 2>&1 || fail 'git is missing; install it and run make again'
if ! works "$python"; then
    for other in python3.13 python3.12 python3.11; do
        if works "$other"; then
            python=$other
            break
        fi
    done
fi
works "$python" || fail "Python 3.11 or newer is needed; name one: make setup PYTHON=/path/to/python3.11"

if ! works .venv/bin/python; then
    echo "setup: making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv || fail "$python cannot make an environment (on Debian: apt-get install python3-venv)"
fi
echo 'setup: installing the packages that pyproject.toml names'
PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install --quiet --editable '.[dev]' ||
    fail 'pip could not install the packages; see above'
# Where PYTHONDONTWRITEBYTECODE is set every start would compile the package anew.
.venv/bin/python -m compileall -q fairway_scripts bin
: >.venv/.ready
echo 'setup: ready'
