"""The interpreter that a caller names runs the original too, whatever the original's first line says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fairway_scripts.cutover.layout import stand_in
from tests.compat.older import call, make_host, put_shim, set_engines, write
from tests.support.payloads import PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.shell import Checkout

HOSTILE = [text if isinstance(text, bytes) else text.encode() for name, text in PAYLOADS.items() if "kB" not in name]
PYTHON = """#!/no/such/interpreter
import os, signal, sys
for word in sys.argv[1:]:
    sys.stdout.buffer.write(os.fsencode(word) + b"\\0")
print(sys.executable, sys.flags.optimize, sorted(name for name in os.environ if "FAIRWAY" in name), file=sys.stderr)
sys.stdout.buffer.write(sys.stdin.buffer.read())
sys.exit(int(os.environ.get("EXIT", "0")))
"""
#: No line of it but the last is understood by a strict shell of POSIX.
BASH = '#!/no/such/interpreter\nwords=("$@") && [[ ${#words[@]} == 2 ]] && printf \'%s\' "$- ${words[1]}"\n'
ENGINES = {
    "all on legacy": {"*": "legacy"},
    "mixed": {"*": "legacy", "B-ui": "fairway"},
    "shadow": {"*": "shadow"},
}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    project = make_host(tmp_path_factory.mktemp("host of interpreters"))
    for name, text in (("desk.py", PYTHON), ("bare", PYTHON), ("agent_queue.sh", BASH)):
        write(os.path.join(project.main, "scripts/ops/legacy", name), text, 0o644)
    write(os.path.join(project.main, "scripts/ops/legacy/bare"), PYTHON.replace("interpreter", "python"))
    for name in ("desk.py", "bare"):
        shim = os.path.join(project.main, "scripts/ops", name)
        write(shim, stand_in(f"scripts/ops/{name}", project.main))
    return project


@pytest.mark.parametrize("engines", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("name", ["desk.py", "bare"])
def test_python_runs_the_original_that_it_was_asked_to_run(host: Checkout, engines: dict[str, str], name: str) -> None:
    more = {"scripts": {f"scripts/ops/{name}": {"": {"tool": "", "positional": ["NOTE..."]}}}}
    set_engines(host.main, engines, **({} if engines == {"*": "legacy"} else more))
    script = os.path.join(host.main, "scripts/ops", name)
    given = {"EXIT": "9", "FAIRWAY_LEGACY": "1" if len(engines) > 1 or "shadow" in engines.values() else ""}
    got = call([sys.executable, "-O", script, *HOSTILE], host.main, feed=b"in\xff\0put", env=given)
    assert got.err.decode() == f"{sys.executable} 1 ['FAIRWAY_LEGACY']\n"
    assert got.out == b"".join(word + b"\0" for word in HOSTILE) + b"in\xff\0put"
    assert got.code == 9


@pytest.mark.parametrize("engines", ENGINES.values(), ids=ENGINES)
def test_bash_runs_the_original_that_it_was_asked_to_run(host: Checkout, engines: dict[str, str]) -> None:
    set_engines(host.main, engines)
    script = os.path.join(host.main, "scripts/ops/agent_queue.sh")
    bash = shutil.which("bash") or pytest.skip("bash is not installed")
    for given in ({}, {"FAIRWAY_LEGACY": "1"}):
        got = call([bash, "-eu", script, "ready", "a b"], host.main, env={"ROLE": "A-backend", **given})
        direct = call([bash, "-eu", f"{os.path.dirname(script)}/legacy/agent_queue.sh", "ready", "a b"], host.main)
        assert (got.code, got.out) == (0, direct.out), got.err


def test_a_reader_that_goes_away_is_noticed_behind_python(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    text = "import os, signal\nos.execvp('yes', ['yes'])\n"
    write(os.path.join(host.main, "scripts/ops/legacy/many.py"), text)
    script = put_shim("scripts/ops/many.py", os.path.join(host.main, "scripts/ops"))
    line = f"set -o pipefail; '{sys.executable}' '{script}' | head -n 1"
    direct = call(["bash", "-c", line.replace("ops/many", "ops/legacy/many")], host.main)
    assert call(["bash", "-c", line], host.main) == direct


@pytest.mark.parametrize("name", ["x.py", "x.sh", "x.rb"])
def test_each_form_says_nothing_of_itself(tmp_path: Path, name: str) -> None:
    path = write(str(tmp_path / name), stand_in(name))
    words = {"py": [sys.executable, "-W", "error", "-m", "py_compile"], "rb": ["ruby", "-wc"], "sh": ["bash", "-n"]}
    done = subprocess.run([*words[name[2:]], path], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
