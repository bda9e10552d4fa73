"""The comment of a link: posted once, changed when it says something else, never posted twice, whatever happens."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.support.shell import finish, start_tool
from tests.support.tracker_sites import Made, Request
from tests.trackers.conftest import Tracked

NOW = {"FAIRWAY_NOW": "2026-11-20T08:00:00Z"}
LATER = {"FAIRWAY_NOW": "2026-11-20T08:05:00Z"}
SOON = {"FAIRWAY_NOW": "2026-11-20T08:00:30Z"}


def linked(project: Tracked, number: int = 12) -> Any:
    entry = project.site.add(number, "Buttons overlap")
    project.ok("link", "B-1", "--issue", str(number))
    project.site.requests.clear()
    return entry


def action(project: Tracked, **env: str) -> str:
    (row,) = project.ok("export", "B-1", "--json", **env).json["links"]
    return str(row["action"])


class TestComment:
    def test_it_is_posted_once_and_changed_with_the_task(self, every: Tracked) -> None:
        entry = linked(every)
        assert action(every) == "posted"
        (comment,) = entry.comments
        assert comment["body"].startswith("Task B-1 is todo, in lane B-ui.")
        every.site.requests.clear()
        assert action(every) == "unchanged"
        assert every.site.requests == []
        every.checkout.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        assert action(every) == "edited"
        (comment,) = entry.comments
        assert comment["body"].startswith("Task B-1 is in_progress, in lane B-ui.")
        assert action(every) == "unchanged"
        assert len(every.site.writes()) == 1

    def test_what_is_sent(self, project: Tracked) -> None:
        """Counts and words of the configuration: no title, note, name, path, command, branch or host."""
        entry = linked(project)
        words = ["--owner", "Dee-Private", "--branch", "wip/secret-project"]
        project.checkout.ok("queue-claim", "B-1", "--role", "B-ui", *words)
        evidence = ["--command-text", "make private-check", "--result", "pass", "--notes", "a private note"]
        project.checkout.ok("queue-record-evidence", "B-1", *evidence)
        action(project)
        sent = project.site.writes()[-1].body
        for private in ("Dee", "wip/", "make", "private", "Title of", project.checkout.main):
            assert private not in str(sent)
        assert "Evidence: 1 passed, 0 failed" in entry.comments[0]["body"]

    def test_a_dry_run_sends_nothing(self, project: Tracked) -> None:
        linked(project)
        assert project.ok("export", "B-1", "--dry-run").out.startswith("would post  B-1")
        assert project.site.requests == []

    def test_every_link_is_brought_up_to_date(self, project: Tracked) -> None:
        linked(project)
        project.site.add(13, "Another")
        project.ok("link", "C-1", "--issue", "13")
        rows = project.ok("export", "--all", "--json").json["links"]
        assert [(row["task_id"], row["action"]) for row in rows] == [("B-1", "posted"), ("C-1", "posted")]

    def test_a_deleted_comment_is_told_and_posted_again_only_when_asked(self, project: Tracked) -> None:
        entry = linked(project)
        action(project)
        entry.comments.clear()
        project.checkout.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        assert project.found("export", "B-1") == ["comment_gone"]
        assert entry.comments == []
        (row,) = project.ok("export", "B-1", "--anew", "--json").json["links"]
        assert (row["action"], len(entry.comments)) == ("posted", 1)
        assert action(project) == "unchanged"


class TestNeverTwice:
    def test_a_time_out_after_it_was_carried_out(self, every: Tracked) -> None:
        """The answer never comes: the comment is found by its mark and not sent again."""
        entry = linked(every)
        comment_at(every, "carry out, then say nothing")
        assert action_of(every, "--timeout", "1s") == "adopted"
        assert len(entry.comments) == 1
        assert action(every) == "unchanged"

    def test_a_time_out_before_it_was_carried_out(self, project: Tracked) -> None:
        entry = linked(project)
        comment_at(project, "say nothing")
        assert project.found("export", "B-1", "--timeout", "1s", **NOW) == ["outcome_unknown"]
        assert project.found("export", "B-1", **SOON) == ["outcome_unknown"]
        assert entry.comments == []
        assert action(project, **LATER) == "posted"
        assert len(entry.comments) == 1

    def test_a_server_that_fails_after_it_was_carried_out(self, project: Tracked) -> None:
        entry = linked(project)
        comment_at(project, "carry out, then fail")
        assert action(project) == "adopted"
        assert len(entry.comments) == 1

    @pytest.mark.separate
    @pytest.mark.parametrize("carried_out", [True, False])
    def test_a_kill_between_sending_and_recording(self, project: Tracked, *, carried_out: bool) -> None:
        entry = linked(project)
        reached = threading.Event()

        def hold(request: Request) -> Made | None:
            if not request.writes:
                project.site.next.insert(0, hold)
                return None
            if carried_out:
                project.site.handle(request)
            reached.set()
            return 0, {}, None

        project.site.next.append(hold)
        env = {**project.site.environment, **NOW}
        process = start_tool("fairway-tracker", "export", "B-1", cwd=project.checkout.main, env=env)
        assert reached.wait(60)
        process.kill()
        finish(process)
        project.site.next.clear()
        (link,) = project.ok("list", "--json").json["links"]
        assert link["pending_since"]
        if carried_out:
            assert action(project, **SOON) == "adopted"
        else:
            assert project.found("export", "B-1", **SOON) == ["outcome_unknown"]
            assert action(project, **LATER) == "posted"
        assert len(entry.comments) == 1
        project.checkout.ok("queue-verify")

    def test_several_at_once(self, project: Tracked) -> None:
        entry = linked(project)
        env = project.site.environment
        words = ("fairway-tracker", "export", "B-1")
        started = [start_tool(*words, cwd=project.checkout.main, env=env) for _ in range(4)]
        for process in started:
            assert finish(process).code in (0, 1)
        assert len(entry.comments) == 1
        assert action(project, FAIRWAY_NOW="2036-01-01T00:00:00Z") in ("unchanged", "adopted")
        assert len(entry.comments) == 1

    def test_a_store_that_was_put_back_finds_its_comment(self, project: Tracked) -> None:
        entry = linked(project)
        backup = project.checkout.ok("queue-backup", "--json").json["path"]
        action(project)
        project.checkout.ok("queue-restore", "--from", backup, "--force")
        (link,) = project.ok("list", "--json").json["links"]
        assert link["comment_id"] is None
        assert action(project) == "adopted"
        assert len(entry.comments) == 1

    def test_the_mark_is_found_on_the_last_page(self, every: Tracked) -> None:
        entry = linked(every)
        every.site.page_size = 2
        for number in range(5):
            every.site.comment(entry, f"talk {number}", author="somebody")
        comment_at(every, "carry out, then fail")
        assert action(every) == "adopted"
        assert len(entry.comments) == 6

    def test_a_comment_of_somebody_else_with_our_mark_is_not_ours(self, project: Tracked) -> None:
        entry = linked(project)
        action(project)
        body = entry.comments[0]["body"]
        entry.comments.clear()
        theirs = project.site.comment(entry, body, author="mallory")
        quoted = project.site.comment(entry, "\n".join(f"> {line}" for line in body.splitlines()), author="mallory")
        before = [dict(theirs), dict(quoted)]
        project.ok("export", "B-1", "--anew")
        assert [theirs, quoted] == before
        assert len(entry.comments) == 3

    def test_who_we_are_may_not_be_known(self, project: Tracked) -> None:
        """A token that may not ask for itself: the comment is left alone, and none is added."""
        entry = linked(project)
        comment_at(project, "carry out, then fail")
        refuse_to_say_who(project)
        assert project.found("export", "B-1") == ["author_unknown"]
        assert len(entry.comments) == 1


def action_of(project: Tracked, *words: str) -> str:
    (row,) = project.ok("export", "B-1", *words, "--json").json["links"]
    return str(row["action"])


def comment_at(project: Tracked, what: str) -> None:
    """Let something befall the next request that changes anything."""
    site = project.site

    def befall(request: Request) -> Made | None:
        if not request.writes:
            site.next.insert(0, befall)
            return None
        if what.startswith("carry out"):
            site.handle(request)
        return (502, {}, {"message": "Bad Gateway"}) if what.endswith("fail") else (0, {}, None)

    site.next.append(befall)


def refuse_to_say_who(project: Tracked) -> None:
    """Let the tracker keep to itself whose the token is."""
    site, handle = project.site, project.site.handle

    def refusing(request: Request) -> Made:
        if request.path.endswith(("/user", "/myself")) or "viewer" in str(request.body):
            return 403, {}, {"message": "Resource not accessible by integration"}
        return handle(request)

    site.handle = refusing  # type: ignore[method-assign]


def test_a_locked_issue_takes_no_comment(github: Tracked) -> None:
    entry = linked(github)
    entry.locked = True
    assert github.found("export", "B-1") == ["locked"]
    entry.locked = False
    assert action(github) == "posted"


@pytest.mark.parametrize(("status", "word"), [(404, "hidden"), (410, "gone")])
def test_an_issue_that_is_not_there_any_more(github: Tracked, status: int, word: str) -> None:
    entry = linked(github)
    entry.status = status
    assert github.found("export", "B-1") == [word]


def test_a_fence_that_is_outdated(github: Tracked) -> None:
    linked(github)
    refused = github.run("export", "B-1", "--fence", "7")
    assert refused.word == "fence_outdated"
    assert github.site.requests == []
