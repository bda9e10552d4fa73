"""Words that come up after the mapping of an old database was found: their rows are not taken for the others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fairway_scripts.cutover.bridge import legacy_import, legacy_mapping
from fairway_scripts.project.opening import open_as_it_is
from tests.support.old_database import OldDatabase, make_folder, set_engine, usual_database
from tests.support.repositories import write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

WHERE = ".git/agent_queue/agent_queue.db"
SCHEMA = """
CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT);
CREATE TABLE entries (id INTEGER PRIMARY KEY, task_id TEXT, kind TEXT, author TEXT, verdict TEXT, command TEXT,
  sha TEXT, note TEXT, created_at TEXT);
"""


def take_over(project: Checkout) -> Any:
    return project.ok("queue-import", "--legacy-db", WHERE, "--json").json


def young(project: Checkout, schema: str = SCHEMA) -> OldDatabase:
    old = usual_database(project, schema)
    for number in (1, 2):
        old.state(f"B-{number}", "todo")
    return old


def entry(old: OldDatabase, kind: str | None, task_id: str = "B-1", **cells: Any) -> None:
    """An entry as they were first: a review says a verdict, evidence a command and a result."""
    usual = {"review": {"verdict": "approved"}, "evidence": {"verdict": "pass", "command": "make test"}}
    told = {"author": "D", "note": "fine", "created_at": "2026-05-04 10:00:00", **usual.get(kind or "", {}), **cells}
    old.add("entries", task_id=task_id, kind=kind, **told)


def ours(project: Checkout) -> tuple[list[str], list[str]]:
    """The results of the evidence and the verdicts of the reviews that came in."""
    evidence, reviews = rows(project, "task_evidence"), rows(project, "task_reviews")
    return [row["result"] for row in evidence], [row["verdict"] for row in reviews]


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_folder(tmp_path, queue_text(task("B-1"), task("B-2"), task("B-3")))


@pytest.mark.parametrize(
    ("kinds", "came_in", "beside"),
    [
        (("review", "review", "evidence"), (["pass"], ["approved"] * 2), []),
        (("evidence", "evidence", "review"), (["pass"] * 2, ["approved"]), []),
        (("review", "review", "remark"), ([], ["approved"] * 2), ["entries[remark]"]),
        (("evidence", "evidence", None), (["pass"] * 2, []), ["entries[none of these]"]),
    ],
    ids=["evidence", "a review", "neither", "nothing"],
)
def test_a_table_of_one_kind_so_far_is_read_by_its_column_of_kinds(
    project: Checkout, kinds: tuple[str, str, str | None], came_in: Any, beside: list[str]
) -> None:
    old = young(project)
    entry(old, kinds[0])
    entry(old, kinds[1], "B-2")
    take_over(project)
    entry(old, kinds[2])
    answer = take_over(project)
    assert ours(project) == came_in
    assert [place["table"] for place in answer["mapping"]["unplaced"]] == beside
    assert take_over(project)["new"] == 0
    project.ok("queue-verify")


def test_what_came_in_when_the_table_was_read_whole_comes_in_once(project: Checkout) -> None:
    """And what was taken for another kind then is taken back."""
    old = young(project)
    entry(old, "review")
    entry(old, "review", "B-2")
    take_over(project)
    store = OldDatabase(project.store, "")
    store.run("UPDATE legacy_rows SET legacy_table = 'entries' WHERE own_table = 'task_reviews'")
    store.run("DELETE FROM meta WHERE key = 'legacy_mapping'")
    old.run("UPDATE entries SET kind = 'evidence', command = 'make test' WHERE id = 2")
    take_over(project)
    assert ours(project) == (["approved"], ["approved", "deleted"])
    assert take_over(project)["known"] == 4


def test_a_word_that_nobody_knows_is_held_back_where_the_others_were_unknown_too(project: Checkout) -> None:
    old = young(project)
    for kind in ("smoke", "unit"):
        entry(old, kind, verdict="pass", command="make test")
    take_over(project)
    assert ours(project) == (["pass"] * 2, [])
    for kind in ("signoff", "memo", "unit"):
        entry(old, kind, verdict="pass", command="make test")
        answer = take_over(project)
    assert ours(project) == (["pass"] * 3, [])
    told = [(place["table"], place["rows"]) for place in answer["mapping"]["unplaced"]]
    assert told == [("entries[memo]", 1), ("entries[signoff]", 1)]
    assert sum(found["rows"] for found in answer["tables"] if found["kind"] == "evidence") == 3
    project.ok("queue-verify")


def test_the_kind_of_a_task_or_of_evidence_is_none_of_a_record(project: Checkout) -> None:
    """A table of states, or one that is called as what it holds, is read whole, whatever it says of kinds."""
    old = usual_database(
        project,
        "CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT, type TEXT);"
        "CREATE TABLE task_evidence (id INTEGER PRIMARY KEY, task_id TEXT, type TEXT, command TEXT, result TEXT)",
    )
    for number, kind in ((1, "review"), (2, "review"), (3, "feature")):
        old.add("task_state", task_id=f"B-{number}", status="todo", type=kind)
        old.add("task_evidence", task_id=f"B-{number}", type=kind, command="make", result="pass")
        answer = take_over(project)
    assert len(rows(project, "task_evidence")) == 3
    assert "parts" not in answer["mapping"].get("shape", {})


def test_the_mapping_is_found_anew_at_that_moment_and_not_at_every_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=[])
    project.ok("queue-import")
    set_engine(project, "B-ui", "legacy")
    old = young(project)
    entry(old, "evidence")
    project.ok("queue-ready")
    entry(old, "review", "B-2")
    old.run("UPDATE task_state SET status = 'elsewhere' WHERE task_id = 'B-2'")
    project.ok("queue-ready")
    assert ours(project) == (["pass"], ["approved"])
    monkeypatch.chdir(project.main)
    monkeypatch.setattr(legacy_mapping, "find_mapping", lambda *_facts: pytest.fail("it was looked into again"))
    told = legacy_import.data_without_a_place(open_as_it_is(SimpleNamespace(actor="ana", tool="lane-engine")))
    assert "task_state.status: what elsewhere stands for is said nowhere (status)" in told
    entry(old, "remark")
    with pytest.raises(pytest.fail.Exception, match="it was looked into again"):
        legacy_import.data_without_a_place(open_as_it_is(SimpleNamespace(actor="ana", tool="lane-engine")))


@pytest.mark.parametrize("word", ["zzz", "fail"], ids=["nobody's", "another vocabulary's"])
def test_a_table_that_its_cells_told_stays_what_it_is_and_the_word_is_told(project: Checkout, word: str) -> None:
    old = usual_database(
        project,
        "CREATE TABLE work (item TEXT PRIMARY KEY, phase TEXT);"
        "CREATE TABLE proofs (n INTEGER PRIMARY KEY, item TEXT, who TEXT, said TEXT, stamp TEXT)",
    )
    for number in (1, 2, 3):
        old.add("work", item=f"B-{number}", phase="todo" if number < 3 else "done")
        old.add("proofs", item="B-1", who="D", said="approved", stamp=f"2026-05-04 10:00:0{number}")
    before = take_over(project)["mapping"]["kinds"]
    assert (before["state"]["table"], before["reviews"]["table"]) == ("work", "proofs")
    old.run(f"UPDATE work SET phase = '{word}' WHERE item = 'B-2'")
    old.add("proofs", item="B-1", who="D", said=word, stamp="2026-05-04 10:00:09")
    answer = take_over(project)
    assert answer["mapping"]["kinds"] == before
    assert ours(project) == ([], ["approved"] * 3 + [word])
    assert "proofs" in [problem["table"] for problem in answer["mapping"]["findings"]]
    assert f"its status '{word}' is none of" in str(answer["tables"])


def test_a_mark_of_deleted_rows_that_is_called_gone_is_no_status(project: Checkout) -> None:
    """Though it is a small number in every row; the statuses are words of a team of its own."""
    schema = "CREATE TABLE items (ref TEXT PRIMARY KEY, phase TEXT NOT NULL, gone INTEGER NOT NULL DEFAULT 0)"
    old = usual_database(project, schema)
    for task_id, phase, gone in (("B-1", "running", 0), ("B-2", "landed", 0), ("B-3", "landed", 1)):
        old.add("items", ref=task_id, phase=phase, gone=gone)
    write_file(project.main, "compat/profile.toml", 'schema = "profile/2"\n[legacy_db.state]\ntable = "items"\n')
    take_over(project)
    assert [row["status"] for row in rows(project, "task_state")] == ["in_progress", "done", "todo"]
