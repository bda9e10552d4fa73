"""What the old database takes back: records, tasks, or a table that was none of its kind; it opens no gate here."""

from __future__ import annotations

import os

import pytest

from tests.cutover.shaped import TABLES, WHERE, Shaped, take_over
from tests.support.old_database import set_engine
from tests.support.shell import Checkout
from tests.support.stored import rows, state


def test_evidence_that_is_taken_back_later_opens_no_gate(project: Checkout, old: Shaped) -> None:
    set_engine(project, "B-ui", "legacy")
    project.ok("queue-ready")
    old.run("UPDATE wq_entry SET isDeleted = 't' WHERE uid = 'e-1'")
    project.ok("queue-ready")
    assert [row["result"] for row in rows(project, "task_evidence")] == ["deleted"]
    project.ok("queue-verify")


def test_a_review_that_is_taken_back_later_answers_nothing(project: Checkout, old: Shaped) -> None:
    """Its lane is asked again, unless it gave a later verdict; the task says no longer what the verdict said."""
    set_engine(project, "B-ui", "legacy")
    old.run("UPDATE wq_entry SET outcome = 'APPROVED' WHERE uid = 'e-2'")
    old.run("UPDATE wq_entry SET askedRole = 'D-arch' WHERE uid = 'e-3'")
    old.entry("e-8", "review", "u-3", 5, authorName="dora", authorRole="D-arch", outcome="APPROVED")
    project.ok("queue-ready")
    assert [row["answered_by"] for row in rows(project, "review_requests")] == [1]
    assert [state(project, name)["review_status"] for name in ("B-1", "B-2")] == ["approved", "approved"]
    old.run("UPDATE wq_entry SET isDeleted = 't' WHERE entryType = 'review'")
    project.ok("queue-ready")
    assert [row["answered_by"] for row in rows(project, "review_requests")] == [None]
    assert [state(project, name)["review_status"] for name in ("B-1", "B-2")] == ["pending", "pending"]
    old.entry("e-9", "review", "u-1", 9, authorName="dora", authorRole="D-arch", outcome="APPROVED")
    old.run("UPDATE wq_entry SET isDeleted = 'f' WHERE uid = 'e-2'")
    project.ok("queue-ready")
    assert [row["answered_by"] for row in rows(project, "review_requests")] == [1], "and back again"
    old.run("UPDATE wq_entry SET isDeleted = 't' WHERE uid = 'e-2'")
    project.ok("queue-ready")
    assert [row["answered_by"] for row in rows(project, "review_requests")] == [3], "its lane gave a later one"
    project.ok("queue-verify")


@pytest.mark.parametrize("keys", ["uid TEXT", "uid INTEGER"], ids=["texts", "numbers"])
def test_what_belongs_to_a_task_that_is_deleted_later_opens_no_gate(project: Checkout, keys: str) -> None:
    """Numbered rows are not read again while they are what they were; that their task is gone is told by no cell."""
    old = Shaped(os.path.join(project.main, WHERE), TABLES.replace("uid TEXT", keys))
    old.fill(number=int if "INTEGER" in keys else str)
    old.entry(old.key(1), "evidence", old.key(1), bodyText="make test all", outcome="OK")
    old.entry(old.key(2), "review", old.key(1), authorName="dora", authorRole="D-arch", outcome="APPROVED")
    set_engine(project, "B-ui", "legacy")
    project.ok("queue-ready")
    old.run("UPDATE wq_task SET isDeleted = 't' WHERE uid = ?", old.key(1))
    old.add("wq_task", uid=old.key(9), taskKey="B-1", phaseId=10, isDeleted="f")
    project.ok("queue-ready")
    (evidence,), (review,) = rows(project, "task_evidence"), rows(project, "task_reviews")
    assert (evidence["task_id"], evidence["result"], review["verdict"]) == ("B-1", "deleted", "deleted")
    left = [left["why"] for entry in take_over(project)["tables"] for left in entry["not_placed"]]
    assert "its task is marked as deleted" in left, "its history"
    project.ok("queue-verify")


def test_what_came_from_a_table_that_is_of_another_kind_opens_no_gate_any_more(project: Checkout, old: Shaped) -> None:
    """The profile is mended; what was taken in by mistake is not forgotten, and is told."""
    profile = os.path.join(project.main, "compat", "profile.toml")
    os.makedirs(os.path.dirname(profile), exist_ok=True)
    with open(profile, "w", encoding="utf-8") as file:
        file.write('[legacy_db.reviews]\ntable = "wq_trail"\ncolumns = {task_id = "taskKey", verdict = "status"}\n')
    take_over(project)
    assert {row["verdict"] for row in rows(project, "task_reviews")} >= {"ACTIVE", "CLOSED"}
    os.unlink(profile)
    answer = take_over(project)
    assert sorted({row["verdict"] for row in rows(project, "task_reviews")}) == ["changes_requested", "deleted"]
    (told,) = [entry for table in answer["tables"] for entry in table["remarks"] if "wq_trail" in entry["why"]]
    assert (told["why"], told["rows"]) == ("wq_trail holds no reviews; what was taken in from it stays as deleted", 4)
    assert take_over(project)["new"] == 0
    project.ok("queue-verify")


def test_what_came_from_a_table_is_taken_back_when_the_profile_says_that_there_is_none(
    project: Checkout, old: Shaped
) -> None:
    """That no table is found any more says less: what was taken in stays, and is told."""
    profile = os.path.join(project.main, "compat", "profile.toml")
    os.makedirs(os.path.dirname(profile), exist_ok=True)
    old.run("DELETE FROM wq_entry")
    old.run("UPDATE wq_trail SET status = 'approved'")
    verdicts = []
    for said in ('"wq_trail"\ncolumns = {task_id = "taskKey", verdict = "status"}', '"wq_no_such_table"', '""'):
        with open(profile, "w", encoding="utf-8") as file:
            file.write(f"[legacy_db.reviews]\ntable = {said}\n")
        answer = take_over(project)
        verdicts.append({row["verdict"] for row in rows(project, "task_reviews")})
        told = [(entry["why"], entry["rows"]) for table in answer["tables"] for entry in table["remarks"]]
        if len(verdicts) > 1:
            stays = "no table is known to hold the reviews by now; what was taken in from wq_trail stays"
            gone = "wq_trail holds no reviews; what was taken in from it stays as deleted"
            assert (stays if len(verdicts) == 2 else gone, 4) in told
    assert verdicts == [{"approved"}, {"approved"}, {"deleted"}]
    project.ok("queue-verify")
    project.ok("queue-import", "--legacy-db", WHERE)
