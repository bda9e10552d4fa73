"""What a release consists of: which task a commit belongs to, blockers, and the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fairway_scripts.utilities import release as rules

if TYPE_CHECKING:
    from fairway_scripts.store.rows import GatesBlocked, GatesDependencies


def sha(letter: str) -> str:
    return letter * 40


def commit(letter: str, message: str, *parents: str) -> dict[str, Any]:
    return {"sha": sha(letter), "message": message, "parents": [sha(parent) for parent in parents]}


def task(task_id: str, status: str = "done", letter: str = "") -> dict[str, Any]:
    return {
        "task_id": task_id,
        "status": status,
        "terminal": int(status == "done"),
        "commit_sha": sha(letter) if letter else None,
    }


COMMITS = [
    commit("d", "Merge B-9", "c", "b"),
    commit("c", "B-2: second half", "b"),
    commit("b", "B-2: first half (see B-12)", "a"),
    commit("a", "tidy", "0"),
]


@pytest.mark.parametrize(
    ("entry", "where", "commits"),
    [
        (task("B-2", letter="c"), "released", ["c", "b"]),
        (task("B-2"), "released", ["c", "b"]),
        (task("B-1", letter="a"), "released", ["a"]),
        (task("B-2", "in_progress"), "unfinished", ["c", "b"]),
        (task("B-2", letter="e"), "elsewhere", ["c", "b"]),
        (task("B-1"), "", []),
        (task("B-9"), "", []),
        (task("B-1", letter="e"), "", []),
    ],
)
def test_a_task_is_released_by_its_commit_and_named_by_messages(
    entry: dict[str, Any], where: str, commits: list[str]
) -> None:
    found = rules.assign(COMMITS, [entry], {sha(letter): sha(letter) for letter in "abcde"})
    places = {name: rows[0]["commits"] for name, rows in found.items() if rows}
    assert places == ({where: [sha(letter) for letter in commits]} if where else {})


def test_a_finished_task_whose_commit_git_does_not_know_is_a_gap_when_commits_name_it() -> None:
    known: dict[str, str | None] = {sha("f"): None}
    found = rules.assign(COMMITS, [task("B-2", letter="f")], known)
    gaps, _warnings = rules.assignment_findings(found, known, set())
    assert gaps[0]["message"].startswith("git knows no such commit")


def test_later_commits_of_a_task_that_was_released_before_are_a_warning() -> None:
    known: dict[str, str | None] = {sha("e"): sha("e")}
    found = rules.assign(COMMITS, [task("B-2", letter="e")], known)
    assert rules.assignment_findings(found, known, {sha("e")})[0] == []
    assert rules.assignment_findings(found, known, set())[0][0]["check"] == "commit"


def test_merges_and_commits_of_tasks_are_not_listed_as_commits_of_no_task() -> None:
    found = rules.without_task(COMMITS, {sha("b"), sha("c")})
    assert found == [{"sha": sha("a"), "subject": "tidy"}]


def test_commits_reviewed_together_belong_together() -> None:
    assert rules.reviewed_span(COMMITS, sha("c"), sha("a")) == {sha("c"), sha("b")}
    assert rules.reviewed_span(COMMITS, sha("c"), sha("0")) == {sha("c"), sha("b"), sha("a")}
    assert rules.reviewed_span(COMMITS, sha("e"), sha("a")) == set()


def blocked(task_id: str, *, parent_id: str | None = None, reason: str | None = None) -> GatesBlocked:
    return {"task_id": task_id, "lane": "B-ui", "title": "x", "parent_id": parent_id, "reason": reason}


def test_blocked_tasks_are_related_when_something_released_hangs_on_them() -> None:
    rows = [blocked("B-3"), blocked("B-4", parent_id="B-1"), blocked("B-5", reason="no keys")]
    dependencies: list[GatesDependencies] = [
        {"task_id": "B-1", "depends_on": "B-3"},
        {"task_id": "B-7", "depends_on": "B-5"},
    ]
    found = rules.blockers(rows, ["B-1"], dependencies)
    assert [row["related"] for row in found] == ["B-1 depends on it", "it is a part of B-1", ""]
    assert [len(part) for part in rules.blocker_findings(found, "all")] == [3, 0]
    assert [len(part) for part in rules.blocker_findings(found, "related")] == [2, 1]


FILES = [{"path": "a.toml", "pattern": '^version = "(.+)"'}, {"path": "b.json", "pattern": '"version": "(.*)"'}]


@pytest.mark.parametrize(
    ("one", "other", "version", "told"),
    [
        (b'x = 1\nversion = "1.2.0"\n', b'{"version": "1.2.0"}', "1.2.0", ""),
        (b'version = "1.2.0"\n', b'{"version": "1.2.1"}', "", "a.toml says 1.2.0, b.json says 1.2.1"),
        (b'version = "1.2.0"\n', None, "", "has no such file"),
        (b'version = "1.2.0"\n', b"{}", "", "no line matches"),
        (b'version = "1.2.0"\n', b'{"version": ""}', "", "no line matches"),
        (b'\xff\xfeversion = "1"\n', b'{"version": "1"}', "", "not UTF-8"),
        (b'\xef\xbb\xbfversion = "1"\r\n', b'{"version": "1"}', "1", ""),
    ],
)
def test_every_file_must_name_the_same_version(one: bytes, other: bytes | None, version: str, told: str) -> None:
    found, gaps = rules.versions(FILES, {"a.toml": one, "b.json": other})
    assert found["version"] == version
    assert told in "".join(gap["message"] for gap in gaps)
    assert bool(gaps) == bool(told)
