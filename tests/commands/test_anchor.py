"""queue-anchor and queue-verify ANCHOR=: what was anchored is still the beginning of the ledger, or it is said."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.store.ledger import START, event_hash, store_hash
from tests.support.ready_made import ready_made
from tests.support.repositories import git, write_file
from tests.support.shell import GPUAAS_CONFIG, Checkout, make_checkout, queue_text, task

REF = "refs/fairway/ledger"
AT = {"FAIRWAY_NOW": "2026-05-04T08:00:00Z"}
LATER = {"FAIRWAY_NOW": "2026-05-14T08:00:00Z"}
LATE = {"FAIRWAY_NOW": "2026-05-04T09:00:00Z"}


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2")), lanes=[], config=None)
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=AT)
    return made


def failures(project: Checkout, *arguments: str) -> list[str]:
    answer = project.run("queue-verify", "--json", *arguments)
    assert (answer.code, answer.word) == (1, "verify_failed"), answer
    return [problem["message"] for problem in answer.json["findings"]]


def rewrite(path: str) -> None:
    """What somebody does who knows the format: a fact changed, and everything computed anew over it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("UPDATE task_state SET owner = 'Mallory' WHERE task_id = 'B-1'")
        connection.execute("UPDATE task_state_history SET to_owner = 'Mallory' WHERE to_owner = 'B'")
        heads: dict[str, str] = {}
        head, count = START, 0
        for event in [dict(row) for row in connection.execute("SELECT * FROM events ORDER BY id")]:
            event["payload"] = event["payload"].replace('owner":"B"', 'owner":"Mallory"')
            event["row_images"] = event["row_images"].replace(',"B",', ',"Mallory",')
            event["previous_hash"] = heads.get(event["task_id"], START)
            event["hash"] = heads[event["task_id"]] = event_hash(event)
            event["store_hash"] = head = store_hash(head, event["id"], event["hash"])
            count += 1
            names = ("payload", "row_images", "previous_hash", "hash", "store_hash", "id")
            connection.execute(
                f"UPDATE events SET {' = ?, '.join(names[:-1])} = ? WHERE id = ?",
                [event[name] for name in names],
            )
        connection.execute("UPDATE ledger_head SET hash = ?, events = ?", (head, count))
        connection.commit()


def test_an_anchor_is_a_small_commit_that_can_be_pushed(project: Checkout, tmp_path: Path) -> None:
    made = project.ok("queue-anchor", "--json", env=AT).json
    assert (made["ref"], made["event_id"], made["events"], made["changed"], made["signed"]) == (REF, 2, 2, True, False)
    head = json.loads(git(project.main, "show", f"{REF}:head.json"))
    assert head == {
        "schema": "ledger-anchor/1",
        "actor": head["actor"],
        "at": "2026-05-04T08:00:00.000000Z",
        **{name: made[name] for name in ("event_id", "events", "hash")},
    }
    assert git(project.main, "status", "--porcelain").strip() == ""
    git(project.main, "init", "--bare", "-q", str(tmp_path / "there.git"))
    git(project.main, "push", "-q", str(tmp_path / "there.git"), REF)
    assert git(str(tmp_path / "there.git"), "rev-parse", REF).strip() == made["commit"]


def test_what_is_anchored_already_is_not_anchored_twice_and_anchors_follow_each_other(project: Checkout) -> None:
    first = project.ok("queue-anchor", "--json", env=AT).json
    assert project.ok("queue-anchor", "--json", env=LATE).json["changed"] is False
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", env=LATE)
    second = project.ok("queue-anchor", "--json", env=LATE).json
    assert (second["changed"], second["before"]["commit"]) == (True, first["commit"])
    assert git(project.main, "rev-parse", f"{REF}^").strip() == first["commit"]


def test_verify_says_which_anchor_holds_how_old_it_is_and_what_came_since(project: Checkout) -> None:
    project.ok("queue-anchor", env=AT)
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", env=LATE)
    out = project.make("queue-verify", f"ANCHOR={REF}", env=LATE).out
    assert f"of {REF}: event 2 is part of it, 1h00m old, 1 events since, not signed" in out


def test_a_ledger_that_was_rewritten_as_a_whole_is_found_by_the_anchor_alone(project: Checkout) -> None:
    project.ok("queue-anchor", env=AT)
    rewrite(project.store)
    project.ok("queue-verify")  # nothing in the file tells
    (message,) = failures(project, "--anchor", REF)
    assert "event 2" in message
    assert "is not part of this ledger: here it has another hash; none is shared" in message


def test_a_store_that_was_restored_from_an_older_copy_is_found(project: Checkout, tmp_path: Path) -> None:
    backup = str(tmp_path / "older.db")
    project.ok("queue-anchor", env=AT)
    project.ok("queue-backup", "--output", backup)
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", env=LATE)
    project.ok("queue-anchor", env=LATE)
    project.ok("queue-restore", "--from", backup, "--force")
    project.ok("queue-verify")
    (message,) = failures(project, "--anchor", REF)
    assert "here it has another hash; the newest that both have is event 2" in message
    assert project.run("queue-anchor").word == "verify_failed"
    assert project.ok("queue-anchor", "--force", "--json").json["changed"] is True


def test_two_machines_that_went_apart_are_both_named(project: Checkout, tmp_path: Path) -> None:
    project.ok("queue-anchor", env=AT)
    other = str(tmp_path / "other.db")
    project.ok("queue-backup", "--output", other)
    git(project.main, "update-ref", "refs/fairway/theirs", REF)
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", env=LATE)
    project.ok("queue-anchor", env=LATE)
    git(project.main, "update-ref", "refs/fairway/ours", REF)
    project.ok("queue-restore", "--from", other, "--force")  # the other machine goes on from what both have
    git(project.main, "update-ref", REF, "refs/fairway/theirs")
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", "x", env=LATE)
    project.ok("queue-anchor", env=LATE)
    (message,) = failures(project, "--anchor", REF, "--anchor", "refs/fairway/ours")
    assert "of refs/fairway/ours (event 3" in message
    assert "here it has another hash; the newest that both have is event 2" in message


def test_a_broken_ledger_is_not_anchored(project: Checkout) -> None:
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute("UPDATE task_state SET owner = 'Mallory' WHERE task_id = 'B-1'")
        connection.commit()
    answer = project.run("queue-anchor")
    assert (answer.code, answer.word) == (1, "verify_failed")
    assert "owner is Mallory, its events lead to B" in answer.err
    assert git(project.main, "for-each-ref", REF).strip() == ""


def test_without_an_anchor_says_so(project: Checkout) -> None:
    assert project.run("queue-verify", "--anchor", REF).word == "not_found"
    assert project.run("queue-verify", "--anchor", "HEAD").word == "not_found"


def test_no_hook_runs(project: Checkout) -> None:
    hook = os.path.join(project.main, ".git", "hooks", "reference-transaction")
    write_file(project.main, ".git/hooks/reference-transaction", "#!/bin/sh\ntouch ran\nexit 1\n")
    os.chmod(hook, 0o755)
    project.ok("queue-anchor")
    assert not os.path.exists(os.path.join(project.main, "ran"))


# --- signatures -------------------------------------------------------------------------------------------


def make_key(folder: str, name: str, principal: str) -> str:
    """A new key in `folder`; its line for a file of allowed signers."""
    if shutil.which("ssh-keygen") is None:
        if os.environ.get("CI"):
            pytest.fail("ssh-keygen is missing")
        pytest.skip("ssh-keygen is not installed")
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", os.path.join(folder, name)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)
    with open(os.path.join(folder, f"{name}.pub"), encoding="utf-8") as file:
        return f'{principal} namespaces="fairway-ledger" {file.read()}'


@pytest.fixture
def signing(tmp_path: Path) -> Checkout:
    """A project whose configuration names a key that signs."""
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read() + f'\n[ledger]\nsigning_key = "{tmp_path}/key"\n'
    write_file(str(tmp_path), "config.toml", text)
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=str(tmp_path / "config.toml"))
    write_file(str(tmp_path), "signers", make_key(str(tmp_path), "key", "lead@example.org"))
    write_file(str(tmp_path), "others", make_key(str(tmp_path), "other", "mallory@example.org"))
    made.ok("queue-import", env=AT)
    return made


def anchors(project: Checkout, *arguments: str) -> dict[str, Any]:
    (found,) = project.ok("queue-verify", "--json", "--anchor", REF, *arguments).json["anchors"]
    return {name: found[name] for name in ("signature", "signer", "ok")}


def test_a_signature_is_compared_with_those_who_may_sign(signing: Checkout, tmp_path: Path) -> None:
    assert signing.ok("queue-anchor", "--json").json["signed"] is True
    allowed = ("--allowed-signers", str(tmp_path / "signers"))
    assert anchors(signing, *allowed) == {"signature": "good", "signer": "lead@example.org", "ok": True}
    found = anchors(signing)
    assert (found["signature"], found["signer"][:7]) == ("not_compared", "SHA256:")
    (message,) = failures(signing, "--anchor", REF, "--allowed-signers", str(tmp_path / "others"))
    assert "its signature does not count" in message


def test_an_unsigned_anchor_does_not_pass_where_signers_are_named(project: Checkout, tmp_path: Path) -> None:
    project.ok("queue-anchor")
    write_file(str(tmp_path), "signers", make_key(str(tmp_path), "key", "lead@example.org"))
    (message,) = failures(project, "--anchor", REF, "--allowed-signers", str(tmp_path / "signers"))
    assert "it is not signed" in message


def test_a_key_that_is_not_there_is_named(signing: Checkout, tmp_path: Path) -> None:
    os.unlink(tmp_path / "key")
    answer = signing.run("queue-anchor")
    assert (answer.word, str(tmp_path / "key") in answer.err) == ("file_unavailable", True)


# --- the coordinator --------------------------------------------------------------------------------------


def ledger_line(project: Checkout, env: dict[str, str]) -> str:
    lines = project.ok("orchestrator-tick", env=env).out.splitlines()
    return next((line.strip() for line in lines if line.strip().startswith("ledger")), "")


def test_the_tick_is_silent_without_anchors_and_says_how_old_the_newest_is(project: Checkout) -> None:
    assert ledger_line(project, AT) == ""
    project.ok("queue-anchor", env=AT)
    assert "anchored, 1h00m old, 0 event(s) since" in ledger_line(project, LATE)
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", env=LATE)
    line = ledger_line(project, LATER)
    assert "10d00h old, 1 event(s) since" in line
    assert "queue-anchor" in line
    assert project.ok("orchestrator-tick", "--json", env=LATER).json["preflight"]["anchor"]["stale"] is True
    rewrite(project.store)
    assert "is not part of it" in ledger_line(project, LATE)


def test_the_tick_asks_for_an_anchor_where_a_key_is_configured(signing: Checkout) -> None:
    assert "nothing is anchored" in ledger_line(signing, AT)


def test_the_doctor_suggests_an_anchor_once_there_is_much_to_lose(project: Checkout) -> None:
    def keys() -> list[str]:
        return [found["key"] for found in project.run("queue-doctor", "--json").json["findings"]]

    assert "ledger_unanchored" not in keys()
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute("UPDATE ledger_head SET events = 100")
        connection.commit()
    assert "ledger_unanchored" in keys()
    git(project.main, "update-ref", REF, "HEAD")
    assert "ledger_unanchored" not in keys()
