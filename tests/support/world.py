"""The machine that tests run on, kept out of them: its variables, its pace, its day.

A test that passes only where a variable of the machine happens to be set proves that machine, not the suite. So a
test process keeps the few variables that it needs to find its programs, and nothing that changes what they do.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

from tests.support.repositories import FIXED_GIT
from tests.support.rings import length

#: Where programs and folders are, who runs them, which day and zone it is; CI: what is missing fails and is not
#: skipped, and that is asked in the tests themselves, never by a child.
_KEPT = {"PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ", "CI", "VIRTUAL_ENV", "SYSTEMROOT"}
#: What loads programs and their libraries, a shifted clock among them, and what is said to the tests themselves.
_KEPT_PREFIXES = ("LD_", "DYLD_", "GEM_", "PYTEST_", "HYPOTHESIS_", "COVERAGE_", "FAIRWAY_TEST_")
_OWN_TOOLS = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", "..", "bin"))


def leave_the_machine() -> None:
    """Rid this process, and so each of its children, of every variable that changes what a program does.

    What stays is named above, PATH without the tools of this checkout, by which hints would be spelled; messages are in
    English, and git has an identity and no settings of the user. Signals that a shell has children in the background
    ignore, or `nohup`, do again what they do.
    """
    for name in list(os.environ):
        if name not in _KEPT and not name.startswith(_KEPT_PREFIXES):
            del os.environ[name]
    os.environ.update({"LANG": "C.UTF-8", **FIXED_GIT})
    places = os.environ.get("PATH", os.defpath).split(os.pathsep)
    os.environ["PATH"] = os.pathsep.join(place for place in places if os.path.realpath(place) != _OWN_TOOLS)
    for number in (signal.SIGQUIT, signal.SIGHUP, signal.SIGTERM, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def use_one_hypothesis_profile() -> None:
    """One profile for every property, whether or not CI is set, for which hypothesis has one of its own.

    No deadline and no complaint about slow data: how long an example takes is a fact about the machine, and a
    run on a loaded one would fail for it; the time limit of pytest ends what hangs. Fixtures of one test may be
    shared by its examples, which reset what they change. The examples are the same in every run, so that a red
    run can be repeated; HYPOTHESIS_PROFILE=explore draws new ones. A short run has a quarter of them.
    """
    settings.register_profile(
        "fairway",
        max_examples=length(25, 100),
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
            HealthCheck.function_scoped_fixture,
        ],
        derandomize=True,
        database=None,
        print_blob=True,
    )
    settings.register_profile("explore", settings.get_profile("fairway"), derandomize=False, max_examples=100)
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fairway"))


def is_script(path: str) -> bool:
    """Whether a program is a script, as the shims of version managers are."""
    with open(path, "rb") as file:
        return file.read(2) == b"#!"
