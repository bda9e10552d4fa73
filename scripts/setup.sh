#!/bin/sh
# Make .venv beside the Makefile: the packages of requirements.lock, the package itself as it lies here, byte code.
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
pip() {
    PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip "$@"
}
echo 'setup: installing the packages of requirements.lock'
pip install --quiet --require-hashes --requirement requirements.lock ||
    fail 'pip could not install the packages; see above'
# Built with the hatchling of the lock: nothing is fetched that the lock does not name.
pip install --quiet --no-deps --no-build-isolation --editable . || fail 'pip could not install the package; see above'
# venv brings it up to Python 3.11; nothing here needs it, and its .pth file runs code at every start.
rm -f .venv/lib/python3.*/site-packages/distutils-precedence.pth
pip uninstall --quiet --yes setuptools 2>/dev/null || true
# Where PYTHONDONTWRITEBYTECODE is set every start would compile the package anew.
.venv/bin/python -m compileall -q fairway_scripts bin
.venv/bin/python scripts/hot_bundle.py
: >.venv/.ready
echo 'setup: ready'
