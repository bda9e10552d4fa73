"""Folders that may not be looked into, folders with odd names, and users whom no account names."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from fairway_scripts.base import identity
from fairway_scripts.programs.search_path import bare_environment
from tests.support.repositories import git
from tests.support.shell import BIN, environment, make_checkout, queue_text, run_tool, task

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


@pytest.mark.parametrize("name", ["a\nb", "tab\tx", 'it"s', "back\\slash", " a ", "\x7f"])
def test_a_set_up_in_a_folder_of_any_name_is_fit_for_use(tmp_path: Path, name: str) -> None:
    place = str(tmp_path / name)
    os.mkdir(place)
    git(place, "init", "--quiet")
    for words in (["fairway-init", "--lane", "api"], ["fairway-config", "validate"], ["queue-ready"]):
        answer = run_tool(*words, cwd=place, env=environment())
        assert answer.code in (0, 1), answer
        assert answer.word != "invalid_config", answer


def test_a_folder_whose_name_is_no_text_is_refused_in_plain_words(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path) + b"/uml\xff"
    os.mkdir(place)
    subprocess.run(["git", "init", "--quiet"], cwd=place, check=True)
    for name, *words in (("fairway-init", "--lane", "api"), ("queue-ready",), ("queue-doctor",), ("queue-import",)):
        ended = subprocess.run(
            [os.path.join(BIN, name), *words], cwd=place, env=environment(), capture_output=True, check=False
        )
        assert ended.returncode == 2, (name, ended.stderr)
        assert b"is not in UTF-8" in ended.stderr, (name, ended.stderr)
