"""What a call names is looked for before what it left out is asked for, by every tool and for every kind of thing."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from fairway_scripts.calls import options
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front import entry
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, task

PACKS = "doc/governance/Workflow_Regression_Packs.yaml"
#: Tools whose id is that of something that begins with the call, and a document that may be about no watcher of ours.
NEW = {
    "TASK_ID": {"queue-add", "queue-spawn"},
    "WATCH_ID": {"watcher-start", "watcher-run", "watcher-packet"},
    "PACK_ID": set[str](),
}
#: Calls that are about no single thing and leave its variable alone.
ABOUT_ALL = [
    ("packet-template",),
    ("regression-packs",),
    ("regression-packs", "list"),
    ("regression-packs", "validate"),
]
CALLS = [
    (tool.name, words, name)
    for tool in TOOLS.values()
    for name, new in NEW.items()
    if name in tool.all_variables and tool.name not in new
    for words in sorted({tuple(words) for words in tool.make_targets.values()} or {()})
    if (tool.name, *words) not in ABOUT_ALL
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    made = make_checkout(tmp_path, queue_text(task("B-1")))
    shutil.copy(os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml"), os.path.join(made.main, PACKS))
    made.ok("queue-import")
    monkeypatch.chdir(made.main)
    return made


def refused(tool: str, *words: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """The word and the message of a refusal."""
    assert entry.run(tool, ["--json", *words]) != 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return told[-1]["word"], told[-1]["message"]


def test_whether_it_exists_is_said_before_what_is_missing(
    project: Checkout, capsys: pytest.CaptureFixture[str], subtests: pytest.Subtests
) -> None:
    for tool, words, name in CALLS:
        with subtests.test(tool=tool, words=words, name=name):
            word, message = refused(tool, *words, f"{options.flag(name)}=NOPE-77", capsys=capsys)
            assert (word, "NOPE-77" in message) == ("not_found", True)


@pytest.mark.parametrize("tool", sorted(NEW["TASK_ID"]))
def test_the_id_of_a_new_task_is_not_looked_for(
    project: Checkout, capsys: pytest.CaptureFixture[str], tool: str
) -> None:
    word, message = refused(tool, "--task-id=NOPE-77", capsys=capsys)
    assert (word, "required" in message) == ("usage", True)


def test_what_exists_is_asked_for_the_rest(project: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    for tool in ("queue-set-status", "queue-record-evidence", "queue-merge-ready", "queue-claim"):
        word, message = refused(tool, "--task-id=B-1", capsys=capsys)
        assert (word, "required" in message) == ("usage", True)


def test_a_call_that_is_refused_makes_no_empty_store(tmp_path: Path) -> None:
    made = make_checkout(tmp_path, queue_text(task("B-1")))
    os.remove(made.queue_file)
    answer = made.run("queue-record-evidence", "B-1")
    assert (answer.word, os.path.exists(made.store)) == ("usage", False)
