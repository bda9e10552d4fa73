"""Asking make what it has read, without letting it run anything.

`make -p` prints its database, but make is not harmless while it does so: `-n` still runs recipes with `+` or $(MAKE),
still remakes an included makefile, and reading a Makefile runs its $(shell ...). So the one goal is a target of our own
with nothing to do, and the shell of make is `true`: whatever make starts, starts that. Where a Makefile insists on what
a program says (`$(if $(GOOS),,$(error ...))`), it is `printf` with one word for everything. A Makefile that could take
the shell back is not read at all; `make_reading` finds those lines before make sees the file.
"""

from __future__ import annotations

import os
import shutil
from typing import NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.programs import runner

GOAL = "fairway.nothing"
_SECONDS = 60
#: What every program says that make would have run, where it has to say something.
NOT_RUN = "fairway-did-not-run-this"
_KEPT = ("PATH", "HOME", "TMPDIR")


class MakeOutput(NamedTuple):
    """What make printed: its standard output as text, its exit code, its lines on standard error.

    `shell` is the program that stood in for the shell, `speaking` whether that one gave a word for each `$(shell ...)`.
    """

    text: str
    code: int
    errors: list[str]
    shell: str
    speaking: bool


def make_database(
    folder: str, makefile: str, *, speaking: bool = False, variables: dict[str, str] | None = None
) -> MakeOutput:
    """Run `make -p` in `folder` and return what it prints of `makefile`.

    `variables` are given on its command line. With `speaking` each `$(shell ...)` gives the word `NOT_RUN`, without it
    nothing. Nothing of the Makefile is executed, and the fragment of the suite in it is passed over, so that what the
    host defines itself is seen. Bytes that are not UTF-8 are replaced. Raises FairwayError `missing_dependency` and
    `backend_unavailable`.
    """
    # -r: no built-in rules, so that make does not try to make the Makefile itself; -R: no AS, CC ... of its own
    given = [f"{name}={value}" for name, value in (variables or {}).items()]
    return _ask(folder, makefile, ["-pnqrRs"], f"{GOAL}: ;\n", [*given, GOAL], speaking=speaking)


def print_goals(
    folder: str, makefile: str, more: str, goals: list[str], variables: dict[str, str], *, speaking: bool
) -> MakeOutput:
    """Return what make prints for `goals` when it has read `makefile` and then `more`.

    `variables` are given on its command line. Nothing is executed: recipes are only printed, and what runs all the same
    runs the stand-in for the shell. Returns and raises as `make_database` does.
    """
    given = [f"{name}={value}" for name, value in variables.items()]
    return _ask(folder, makefile, ["-nkrRs"], more, [*given, *goals], speaking=speaking)


def _ask(
    folder: str, makefile: str, options: list[str], more: str, words: list[str], *, speaking: bool = False
) -> MakeOutput:
    make = shutil.which("make") or shutil.which("gmake")
    nothing = shutil.which("printf" if speaking else "true")
    if make is None or nothing is None:
        raise FairwayError("missing_dependency", "GNU make is not on PATH", "install GNU make")
    if speaking:
        nothing += f" {NOT_RUN}%.0s%.0s"  # takes the `-c` and the command, and prints neither
    # fairway.mk= closes the include guard of the fragment
    call = [make, *options, "--no-print-directory", "-f", makefile, "-f", "-"]
    call += [f"SHELL={nothing}", "fairway.mk=passed-over", *words]
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    hint = suggest_program("make", "-C", folder, "-f", makefile, "-n")
    try:
        ended = runner.run(
            call, folder=folder, environment={**environment, "LC_ALL": "C"}, limit=_SECONDS, feed=more.encode()
        )
    except OSError as problem:
        raise FairwayError("backend_unavailable", f"make could not read {makefile}: {problem}", hint) from problem
    if ended.exit_code is None:
        message = f"make could not read {makefile}: it did not end within {_SECONDS} seconds"
        raise FairwayError("backend_unavailable", message, hint)
    errors = ended.err.decode(errors="replace").splitlines()
    return MakeOutput(ended.out.decode(errors="replace"), ended.exit_code, errors, nothing, speaking)
