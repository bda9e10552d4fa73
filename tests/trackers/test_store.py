"""Links in the store: backups, snapshots, moves and checks carry them, and undoing goes past them."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.serving import serving
from tests.support.shell import queue_text, task
from tests.support.tracker_sites import GitHubSite
from tests.trackers.conftest import Tracked


def linked(project: Tracked) -> dict[str, Any]:
    project.site.add(12, "Buttons overlap")
    project.ok("link", "B-1", "--issue", "12")
    project.ok("export", "B-1")
    found: dict[str, Any] = project.ok("list", "--json").json["links"][0]
    return found


@pytest.mark.parametrize("tool", ["queue-backup", "queue-snapshot"])
def test_a_copy_has_the_links_and_gives_them_back(github: Tracked, tmp_path: Path, tool: str) -> None:
    before = linked(github)
    copy = str(tmp_path / "copy")
    github.checkout.ok(tool, "--output", copy)
    github.ok("unlink", "B-1")
    github.checkout.ok("queue-restore", "--from", copy, "--force")
    assert github.ok("list", "--json").json["links"] == [before]
    github.checkout.ok("queue-verify")
    github.site.requests.clear()
    github.ok("export", "B-1")
    assert github.site.requests == []


def test_a_link_that_was_changed_behind_the_ledger_is_found(github: Tracked) -> None:
    linked(github)
    with closing(sqlite3.connect(github.checkout.store)) as connection, connection:
        connection.execute("UPDATE tracker_links SET issue = 'acme/other#1'")
    answer = github.checkout.run("queue-verify")
    assert (answer.code, answer.word) == (1, "verify_failed")
    assert "tracker_links 1 of B-1: issue is" in answer.out + answer.err


def test_what_was_seen_of_an_issue_needs_no_event(github: Tracked) -> None:
    linked(github)
    with closing(sqlite3.connect(github.checkout.store)) as connection, connection:
        connection.execute("UPDATE tracker_links SET etag = NULL, watermark = NULL")
    github.checkout.ok("queue-verify")
    github.ok("reconcile", "--apply")
    github.checkout.ok("queue-verify")


def test_undo_goes_past_links_and_comments(github: Tracked) -> None:
    github.checkout.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    linked(github)
    undone = github.checkout.ok("queue-undo", "B-1", "--json").json
    assert undone["kind"] == "claimed"
    assert len(github.ok("list", "--json").json["links"]) == 1


@pytest.mark.parametrize("base", ["[]", "{}", "no", '{"theirs": {}, "ours": {}, "imported": true}'])
def test_a_base_that_is_none_is_a_damaged_store(github: Tracked, base: str) -> None:
    linked(github)
    with closing(sqlite3.connect(github.checkout.store)) as connection, connection:
        connection.execute("UPDATE tracker_links SET base = ?", (base,))
    for word in ("reconcile", "list"):
        assert github.run(word).word == "store_damaged"


class TestOnServer:
    @pytest.fixture
    def on_file(self, tmp_path: Path) -> ServerCheckout:
        return server_checkout(tmp_path, queue_text(task("B-1")), engine="sqlite")

    def test_a_move_there_and_back_keeps_the_links(self, on_file: ServerCheckout) -> None:
        with serving(GitHubSite()) as site:
            site.add(12, "Buttons overlap")
            with open(os.path.join(on_file.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
                file.write(site.config())
            on_file.ok("fairway-tracker", "link", "B-1", "--issue", "12", env=site.environment)
            on_file.ok("fairway-tracker", "export", "B-1", env=site.environment)
            before = on_file.ok("fairway-tracker", "list", "--json").out
            for engine in ("postgres", "sqlite"):
                on_file.ok("queue-store-move", "--to", engine)
                assert on_file.ok("fairway-tracker", "list", "--json").out == before
                on_file.ok("queue-verify")
                done = on_file.ok("fairway-tracker", "export", "B-1", "--json", env=site.environment)
                assert [row["action"] for row in json.loads(done.out)["links"]] == ["unchanged"]
