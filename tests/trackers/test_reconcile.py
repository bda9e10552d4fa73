"""Reconciling: what has gone apart is shown with all three sides, done on ours alone, and a second run does nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.tracker_sites import Entry
from tests.trackers.conftest import Tracked


def imported(project: Tracked, number: int = 12, **fields: Any) -> tuple[str, Entry]:
    entry = project.site.add(number, "Buttons overlap", **fields)
    (row,) = project.ok("import", str(number), "--json").json["imported"]
    project.site.requests.clear()
    return str(row["task_id"]), entry


def proposals(project: Tracked, *words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = project.ok("reconcile", *words, "--json").json["proposals"]
    return found


def events(project: Tracked) -> int:
    return len(project.checkout.ok("queue-activity", "--limit", "500", "--json").json["events"])


class TestSecondRun:
    def test_it_does_nothing(self, every: Tracked) -> None:
        """Links, comments, changes on both sides, and then: no action, no event, as few requests as there can be."""
        for number in range(1, 6):
            imported(every, number)
        every.ok("link", "B-1", "--issue", "1")
        every.ok("export", "--all")
        every.site.change(2, title="Buttons overlap badly", body="since Tuesday")
        assert len(proposals(every, "--apply")) == 2
        for again in range(2):
            every.ok("export", "--all")
            assert proposals(every, "--apply") == [], again
            before = events(every)
            every.site.requests.clear()
            every.ok("export", "--all")
            assert proposals(every) == []
            assert proposals(every, "--apply") == []
            assert events(every) == before
            assert every.site.writes() == []
            # GitHub and Jira Data Center are asked for each issue, the first costing nothing; the others once a look
            each = 5 if every.site.kind in ("github", "jira-dc") else 1
            assert len(every.site.requests) == 2 * each

    def test_github_answers_that_nothing_has_changed(self, github: Tracked) -> None:
        imported(github)
        proposals(github)
        (request,) = github.site.requests
        assert request.headers["If-None-Match"].startswith('W/"')


class TestProposals:
    def test_a_new_title_is_shown_and_taken_over_when_asked(self, project: Tracked) -> None:
        task_id, _entry = imported(project)
        project.site.change(12, title="Buttons collide")
        (row,) = proposals(project)
        assert (row["field"], row["base"], row["theirs"], row["ours"], row["does"]) == (
            *("title", "Buttons overlap", "Buttons collide", "Buttons overlap", "ours"),
        )
        assert project.checkout.detail(task_id)["title"] == "Buttons overlap"
        proposals(project, "--apply")
        assert project.checkout.detail(task_id)["title"] == "Buttons collide"
        assert project.site.writes() == []
        assert proposals(project) == []
        project.checkout.ok("queue-verify")

    def test_a_new_text_becomes_the_notes(self, project: Tracked) -> None:
        task_id, _entry = imported(project, body="before")
        project.site.change(12, body="after")
        assert [row["field"] for row in proposals(project, "--apply")] == ["body"]
        assert "> after" in project.checkout.detail(task_id)["notes"]
        assert proposals(project, "--apply") == []

    def test_only_what_was_shown_is_done(self, project: Tracked) -> None:
        task_id, _entry = imported(project)
        project.site.change(12, title="Buttons collide")
        shown = project.ok("reconcile", "--json").json["plan"]
        project.site.change(12, title="rm -rf /")
        refused = project.run("reconcile", "--apply", "--plan", shown)
        assert (refused.code, refused.word) == (2, "usage")
        assert project.checkout.detail(task_id)["title"] == "Buttons overlap"
        hint = project.ok("reconcile").err
        assert "--apply" in hint
        plan = project.ok("reconcile", "--json").json["plan"]
        assert f"--plan {plan}" in hint
        project.ok("reconcile", "--apply", "--plan", plan)

    def test_a_change_of_both_sides_is_nobodys_to_decide(self, project: Tracked) -> None:
        task_id, _entry = imported(project)
        project.checkout.ok("queue-update", task_id, "--title", "Ours")
        assert proposals(project, "--apply") == []
        project.site.change(12, title="Theirs")
        for _again in range(2):
            assert project.found("reconcile", "--apply") == ["both_changed"]
            assert project.checkout.detail(task_id)["title"] == "Ours"
        project.checkout.ok("queue-update", task_id, "--title", "Theirs")
        assert [row["does"] for row in proposals(project, "--apply")] == ["note"]
        assert proposals(project, "--apply") == []

    def test_a_linked_task_keeps_its_own_words(self, project: Tracked) -> None:
        project.site.add(12, "Buttons overlap")
        project.ok("link", "B-2", "--issue", "12")
        project.site.change(12, title="Buttons collide", labels=["ops"])
        rows = proposals(project, "--apply")
        assert {(row["field"], row["does"]) for row in rows} == {("title", "note"), ("labels", "note")}
        assert project.checkout.detail("B-2")["title"] == "Ours"
        assert proposals(project, "--apply") == []

    def test_a_task_that_the_queue_file_owns_is_changed_there(self, project: Tracked) -> None:
        task_id, _entry = imported(project)
        project.checkout.ok("queue-export")
        project.site.change(12, title="Buttons collide")
        for _again in range(2):
            assert project.found("reconcile", "--apply") == ["file_owned"]
        assert project.checkout.detail(task_id)["title"] == "Buttons overlap"

    @pytest.mark.parametrize(
        ("fields", "word"),
        [
            ({"title": "x\x1b[2J"}, "unfit_text"),
            ({"title": "y" * 400}, "unfit_text"),
            ({"body": "key ghp_" + "a1B2" * 9}, "secret_found"),
        ],
    )
    def test_a_text_that_is_not_fit_is_not_taken_over(
        self, project: Tracked, fields: dict[str, str], word: str
    ) -> None:
        task_id, _entry = imported(project)
        before = project.checkout.detail(task_id)
        project.site.change(12, **fields)
        for _again in range(2):
            assert project.found("reconcile", "--apply") == [word]
        after = project.checkout.detail(task_id)
        assert (after["title"], after["notes"]) == (before["title"], before["notes"])


class TestFindings:
    def test_closed_there_and_open_here(self, project: Tracked) -> None:
        imported(project)
        project.site.change(12, state="closed")
        assert project.found("reconcile") == ["closed_there"]
        assert project.found("reconcile", "--apply") == ["closed_there"]
        asked = project.run("reconcile", "--apply", "--json")
        assert (asked.json["proposals"], asked.code) == ([], 1)

    def test_finished_here_and_open_there(self, project: Tracked) -> None:
        project.site.add(12, "Buttons overlap")
        project.ok("link", "B-2", "--issue", "12")
        project.checkout.ok(
            "queue-set-status", "B-2", "--status", "done", "--force", "--reason", "test", "--commit", "HEAD"
        )
        assert project.found("reconcile") == ["open_there"]

    def test_a_state_that_is_not_known(self, project: Tracked) -> None:
        imported(project)
        project.site.change(12, state="Limbo")
        assert project.found("reconcile") == ["unknown_state"]

    @pytest.mark.parametrize("status", [404, 410])
    def test_an_issue_that_is_gone_is_no_pass(self, every: Tracked, status: int) -> None:
        imported(every)
        imported(every, 13)
        every.site.entries[12].status = status
        gone = {("github", 410): "gone", ("linear", 410): "gone"}.get((every.site.kind, status), "hidden")
        assert every.found("reconcile", "--apply") == [gone]
        assert len(every.ok("list", "--json").json["links"]) == 2

    def test_a_moved_issue_is_told_and_followed_when_asked(self, every: Tracked) -> None:
        kind = every.site.kind
        imported(every)
        places = {"github": "acme/other", "linear": "OPS"}
        every.site.change(12, project=places.get(kind, "NEW"), moved_number=3)
        if kind == "gitlab":  # which does not say where it went
            assert every.found("reconcile", "--apply") == ["moved"]
            return
        assert every.found("reconcile") == ["moved"]
        (row,) = proposals(every, "--apply")
        assert (row["field"], row["does"], row["theirs"]) == ("issue", "link", every.site.key(12))
        assert proposals(every, "--apply") == []
        assert every.ok("list", "--json").json["links"][0]["issue"] == every.site.key(12)
        (link,) = every.ok("export", "--all", "--json").json["links"]
        assert link["action"] == "posted"

    def test_a_locked_issue(self, project: Tracked) -> None:
        if project.site.kind not in ("github", "gitlab"):
            pytest.skip("this tracker locks no issues")
        imported(project)
        project.site.change(12, locked=True)
        assert project.found("reconcile", "--apply") == ["locked"]
        assert project.found("reconcile", "--apply") == ["locked"]

    def test_an_issue_that_became_confidential(self, project: Tracked) -> None:
        if project.site.kind in ("github", "linear"):
            pytest.skip("this tracker has no confidential issues")
        task_id, _entry = imported(project)
        project.site.change(12, private=True, title="Hush")
        assert project.found("reconcile", "--apply") == ["private"]
        assert project.checkout.detail(task_id)["title"] == "Buttons overlap"

    def test_the_configuration_names_the_tracker_no_more_or_another_host(self, github: Tracked) -> None:
        imported(github)
        path = f"{github.checkout.main}/.fairway/config.toml"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for old, new, word in (
            ('name = "t"', 'name = "u"', "no_tracker"),
            (github.site.url, "https://api.example.org", "other_host"),
        ):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(old, new))
            assert github.found("reconcile") == [word]
        assert github.site.requests == []


def test_two_tasks_of_one_issue_are_one_request(github: Tracked) -> None:
    github.site.add(12, "Buttons overlap")
    github.ok("link", "B-1", "--issue", "12")
    github.ok("link", "B-2", "--issue", "12")
    github.site.requests.clear()
    assert proposals(github) == []
    assert len(github.site.requests) == 1
