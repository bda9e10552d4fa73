"""parity-report, on a store with observations and on a spool without any."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.catalog import TOOLS
from fairway_scripts.cutover.shadow.shadow_calls import read_call
from fairway_scripts.store.opening import open_store
from tests.compat.shadowed import OBSERVER
from tests.support.shell import HOME, Checkout, environment, make_checkout, queue_text, task

ORDER = {"field": "ready.B-ui", "legacy": ["B-1", "B-2"], "own": ["B-2", "B-1"]}
ENTRY = """
[[difference]]
operation = "ready"
field = "ready"
match = { legacy = "^B-1 B-2$", own = "^B-2 B-1$" }
reason = "the order of the file"
owner = "D-arch"
date = 2026-05-04
expires = 2026-05-10
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = make_checkout(tmp_path_factory.mktemp("parity"), queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
    made.ok("queue-import")
    return made


@pytest.fixture(autouse=True)
def _fresh(project: Checkout) -> None:
    """Every test begins without observations, explanations and calls that wait."""
    store = open_store(project.store)
    store.connection.execute("DELETE FROM parity_observations")
    store.close()
    path = os.path.join(project.main, "compat", "differences.toml")
    if os.path.exists(path):
        os.unlink(path)


def observe(project: Checkout, call_id: str, **changes: Any) -> None:
    """Put an observation into the ledger, as the observer would."""
    row: dict[str, Any] = {"call_id": call_id, "at": "2026-05-04T10:00:00.000000Z", "role": "B-ui"}
    row |= {"operation": "ready", "task_id": None, "verdict": "match", "note": None, "differences": [], "replay": None}
    row |= dict.fromkeys(("legacy_result", "own_result"), '{"exit":"done"}')
    row |= {"legacy_ms": 100, "own_ms": 80, **changes}
    store = open_store(project.store)
    with store.write() as tx:
        tx.run("parity.add", **{**row, "differences": json.dumps(row["differences"])})
    store.close()


def explain(project: Checkout, text: str) -> None:
    os.makedirs(os.path.join(project.main, "compat"), exist_ok=True)
    with open(os.path.join(project.main, "compat", "differences.toml"), "w", encoding="utf-8") as file:
        file.write(text)


def test_without_a_cut_over_there_is_nothing_to_report(project: Checkout) -> None:
    assert project.ok("parity-report").out == "nothing was observed in shadow\n"


def test_a_lane_lists_its_operations(project: Checkout) -> None:
    observe(project, "c1")
    observe(project, "c2", verdict="unclear", at="2026-05-05T10:00:00.000000Z")
    lines = project.ok("parity-report", "B-ui").out.splitlines()
    assert lines[0] == "2 observed, 0 unexplained"
    assert " ".join(lines[2].split()) == "ready 2 1 match, 1 unclear x0.80 2026-05-04T10:00Z 2026-05-05T10:00Z"
    assert lines[3:] == []


@contextlib.contextmanager
def in_shadow(project: Checkout) -> Iterator[None]:
    """B-ui in shadow for as long as it is looked at."""
    project.ok("lane-engine", "B-ui", "shadow", "compare")
    try:
        yield
    finally:
        os.unlink(os.path.join(project.main, ".git", "fairway", "front-door.json"))
        os.unlink(os.path.join(project.main, ".fairway", "engines.toml"))
        store = open_store(project.store)
        store.connection.execute("DELETE FROM lane_engines")
        store.close()


def test_what_speaks_against_moving_a_lane_is_numbered(project: Checkout) -> None:
    observe(project, "c1")
    observe(project, "c2", operation="claim", verdict="unclear", note="another call came between")
    observe(project, "c3", verdict="unclear", note="shown before: nobody has to know why")
    lacking = "claim, set-status, record-evidence, record-handoff, route-review, record-review, merge-ready"
    with in_shadow(project):
        lines = project.ok("parity-report", "B-ui", env={"FAIRWAY_ENGINE": "fairway"}).out.splitlines()
    assert lines[4:] == [
        "  unclear: claim: another call came between",
        f"  #1 still without an equal call on both sides: {lacking}",
    ]


def test_a_lane_is_told_of_the_calls_of_no_lane_that_speak_against_it(project: Checkout) -> None:
    other = {**ORDER, "field": "ready.A-backend"}
    odd = {"field": "exit", "legacy": "refused", "own": "done", "word": ""}
    observe(project, "c1", role="*", operation="git-check", verdict="mismatch", differences=[odd])
    observe(project, "c2", role="*", verdict="mismatch", differences=[other])
    here = {"FAIRWAY_ENGINE": "fairway", "FAIRWAY_NOW": "2026-05-09"}
    with in_shadow(project):
        lines = project.run("parity-report", "B-ui", env=here).out.splitlines()
        assert lines[0] == "1 observed, 1 unexplained"
        assert "  unexplained: git-check at 2026-05-04T10:00:00Z" in lines
        assert not [line for line in lines if "A-backend" in line]
        words = ("--reason", "lanes fall behind", "--owner", "D-arch")
        drafted = project.ok("parity-report", "explain", "B-ui", *words, env=here).out
        assert 'operation = "git-check"' in drafted
        explain(project, drafted)
        assert "git-check" not in project.ok("parity-report", "B-ui", env=here).out


def test_an_unexplained_difference_is_refused_and_says_how_to_see_it_again(project: Checkout) -> None:
    observe(project, "c1", verdict="mismatch", differences=[ORDER], replay="/kept")
    answer = project.run("parity-report")
    assert (answer.code, answer.word) == (1, "parity_mismatch")
    assert "ready.B-ui: legacy B-1 B-2, own B-2 B-1\n    make parity-report REPLAY=c1\n" in answer.out


def test_an_entry_that_is_written_later_explains_what_was_observed_before(project: Checkout) -> None:
    observe(project, "c1", verdict="mismatch", differences=[ORDER])
    explain(project, ENTRY)
    answer = project.ok("parity-report", "--json", env={"FAIRWAY_NOW": "2026-05-09"}).json
    (lane,) = answer["lanes"]
    assert (answer["unexplained"], lane["operations"][0]["explained"]) == (0, 1)
    assert lane["operations"][0]["explained_by"] == [{"place": "compat/differences.toml:2", "calls": 1}]
    explain(project, "")
    assert project.run("parity-report").code == 1


def test_explain_drafts_the_entries_that_explain_what_is_open(project: Checkout) -> None:
    odd = {"field": "exit", "legacy": "done", "own": "not_understood", "word": "usage"}
    shape = {"field": "shape", "legacy": "a.b: text (x) [y]*", "own": None}
    observe(project, "A", verdict="mismatch", differences=[ORDER])
    observe(project, "B", verdict="mismatch", differences=[ORDER, shape])
    observe(project, "C", verdict="mismatch", operation="record-evidence", differences=[odd])
    assert project.run("parity-report", "B-ui", env={"FAIRWAY_NOW": "2026-05-09"}).code == 1
    drafted = project.ok("parity-report", "explain", "B-ui", env={"FAIRWAY_NOW": "2026-05-09"}).out
    assert drafted.count("[[difference]]") == 3
    explain(project, drafted)
    assert "reason is required, as text" in project.run("parity-report", env={"FAIRWAY_NOW": "2026-05-09"}).err
    explain(project, "")
    words = ("--reason", "it's meant", "--owner", "D-arch")
    explain(project, project.ok("parity-report", "explain", "B-ui", *words, env={"FAIRWAY_NOW": "2026-05-09"}).out)
    assert (
        project.ok("parity-report", "B-ui", env={"FAIRWAY_NOW": "2026-05-09"}).out.splitlines()[0]
        == "3 observed, 0 unexplained"
    )


@pytest.mark.parametrize("word", [word.name for word in TOOLS["parity-report"].words])
def test_each_word_has_help_of_its_own_which_the_others_lead_to(project: Checkout, word: str) -> None:
    text = project.ok(*word.split(), "--help").out
    assert text.startswith(f"usage: {word}")
    assert f"example: {word} " in text
    assert f"{word} ... (--help)" in project.ok("parity-report", "--help").out
    assert project.ok("queue-help", word).out == text
    assert f"    {word}  " in project.ok("queue-help", "--all").out


def test_a_refusal_of_a_word_leads_to_its_own_help(project: Checkout) -> None:
    answer = project.run("parity-report", "run", "--no-such-flag")
    assert (answer.code, answer.word) == (2, "usage")
    assert answer.err.endswith("hint: make queue-help TOPIC='parity-report run'\n")


def test_an_entry_that_has_run_out_explains_nothing_and_is_listed_as_unused(project: Checkout) -> None:
    observe(project, "c1", verdict="mismatch", differences=[ORDER])
    explain(project, ENTRY)
    assert project.run("parity-report", env={"FAIRWAY_NOW": "2026-05-10"}).code == 0
    answer = project.run("parity-report", env={"FAIRWAY_NOW": "2026-05-11"})
    assert answer.code == 1
    assert "unused: compat/differences.toml:2 (ready ready, D-arch) explains nothing" in answer.out


def test_what_lies_before_since_is_not_counted_but_an_entry_for_it_is_not_unused(
    in_utc: None, project: Checkout
) -> None:
    observe(project, "c1", verdict="mismatch", differences=[ORDER])
    explain(project, ENTRY)
    answer = project.ok("parity-report", "--since", "2026-05-05", "--json", env={"FAIRWAY_NOW": "2026-05-09"}).json
    assert (answer["lanes"], answer["unused"]) == ([], [])


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["NO-lane"], 3, "not_found"),
        (["B-ui", "--role", "A-backend"], 2, "usage"),
        (["--since", "whenever"], 2, "usage"),
        (["B-ui", "A-backend"], 2, "usage"),
    ],
)
def test_a_wrong_call_is_refused(project: Checkout, words: list[str], code: int, word: str) -> None:
    answer = project.run("parity-report", *words)
    assert (answer.code, answer.word) == (code, word), answer


def test_explanations_with_a_fault_explain_nothing(project: Checkout) -> None:
    explain(project, ENTRY + 'because = "x"\n')
    answer = project.run("parity-report")
    assert (answer.code, answer.word) == (1, "invalid_document")
    assert "compat/differences.toml:10: because: " in answer.err


def test_make_reports_one_lane(project: Checkout) -> None:
    observe(project, "c1", role="A-backend")
    observe(project, "c2")
    answer = project.make("parity-report", "ROLE=B-ui")
    assert answer.code == 0, answer
    assert "A-backend" not in answer.out


# --- calls that wait, and kept ones ---------------------------------------------------------------------------------


@pytest.mark.parametrize("call_id", ["20260504T100000000000000Z-1", "../../..", "x y"])
def test_a_case_that_was_not_kept_cannot_be_done_again(project: Checkout, call_id: str) -> None:
    answer = project.run("parity-report", "--replay", call_id)
    assert (answer.code, answer.word) == (3, "not_found")


def test_an_observer_of_a_call_that_nobody_knows_ends_in_peace(project: Checkout) -> None:
    words = [sys.executable, OBSERVER, "20260504T100000000000000Z-1"]
    done = subprocess.run(words, cwd=project.main, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_installed_package_has_the_observer_too(project: Checkout, tmp_path: Path) -> None:
    place = shutil.copytree(os.path.join(HOME, "fairway_scripts"), tmp_path / "site" / "fairway_scripts")
    words = [sys.executable, str(place / "cutover" / "observer.py"), "20260504T100000000000000Z-1"]
    done = subprocess.run(words, cwd=project.main, env=environment(), capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"tool": ""}', "\0"])
def test_a_note_that_is_no_call_is_not_taken_for_one(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "20260504T100000000000000Z-1"
    folder.mkdir()
    (folder / "call.json").write_text(text, encoding="utf-8")
    assert read_call(str(folder)) is None


def test_a_folder_whose_process_died_before_it_noted_the_call_is_removed(project: Checkout) -> None:
    folder = os.path.join(project.main, ".git", "fairway", "shadow", "20260504T100000000000000Z-99999999")
    os.makedirs(folder)
    subprocess.run([sys.executable, OBSERVER], cwd=project.main, env=environment(), check=True)
    assert not os.path.exists(folder)
