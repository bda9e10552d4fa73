"""Users who may not look into a folder, and users whom no account names (a container's `--user 1000`)."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from fairway_scripts.base import identity
from fairway_scripts.programs.search_path import bare_environment
from tests.support.shell import BIN, environment, make_checkout, queue_text, task

if TYPE_CHECKING:
    from pathlib import Path

#: Root passes every door, unless it gives up the right to.
_ORDINARY = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
_CLOSED = (".git", ".git/fairway", ".fairway", "doc/governance")
_CALLS = (
    ("queue-ready",),
    ("queue-backup",),
    ("queue-verify",),
    ("queue-snapshot",),
    ("queue-prune-stale",),
    ("queue-validate",),
    ("queue-import",),
    ("queue-add", "--role", "B-ui", "--title", "T", "--acceptance", "true"),
    ("fairway-config", "set", "gates.require_evidence_before_done", "true"),
    ("fairway-init", "--lane", "C"),
)
#: These ask neither for the queue file nor for the settings, so they have no reason to look.
_NOT_ASKED = {
    (".git/fairway", "fairway-config"),
    *(("doc/governance", name) for name in ("queue-backup", "queue-verify", "queue-snapshot", "fairway-config")),
}


@pytest.mark.skipif(bool(_ORDINARY) and not shutil.which("setpriv"), reason="only setpriv makes root ordinary")
@pytest.mark.parametrize("closed", _CLOSED)
def test_a_closed_folder_is_not_taken_for_an_empty_one(tmp_path: Path, closed: str) -> None:
    made = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=[])
    made.ok("queue-ready")
    place = os.path.join(made.main, closed)
    os.chmod(place, 0)
    try:
        for name, *words in _CALLS:
            ended = subprocess.run(
                [*_ORDINARY, os.path.join(BIN, name), *words],
                cwd=made.main,
                env=environment(),
                capture_output=True,
                text=True,
                check=False,
            )
            if (closed, name) in _NOT_ASKED:
                continue
            assert ended.returncode == 2, (name, ended.stdout, ended.stderr)
            assert "Permission denied" in ended.stderr, (name, ended.stderr)
            assert closed in ended.stderr, (name, ended.stderr)
    finally:
        os.chmod(place, 0o755)
    assert made.ok("queue-list", "--json").json["tasks"]


def test_users_without_an_account_have_names_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LOGNAME", "USER"):
        monkeypatch.delenv(variable, raising=False)
    names = set()
    for number in (64001, 64002):
        monkeypatch.setattr(os, "getuid", lambda number=number: number)
        names |= {identity._user(), bare_environment("/bin", {})["USER"]}
    assert names == {"uid-64001", "uid-64002"}
