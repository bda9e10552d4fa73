"""`fairway notify`: what happened reaches a program or a webhook, in order, at least once, and failures are kept."""

from __future__ import annotations

import ast
import hashlib
import hmac
import json
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.notify.kinds import KNOWN
from tests.support.providers import program
from tests.support.serving import serving
from tests.support.shell import HOME, Answer, Checkout, finish, make_checkout, queue_text, start_tool, task
from tests.support.sources import modules, nodes


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2"), task("C-1", role="C-ops")), lanes=[])
    made.ok("queue-ready")
    return made


class Told:
    """A program that appends what it is fed to a file, and fails while a file `broken` is there."""

    def __init__(self, folder: Path) -> None:
        self.record, self.broken = folder / "told", folder / "broken"
        program(
            folder / "bin", "tell", f"[ -e {self.broken} ] && {{ echo no such luck >&2; exit 3; }}; cat >>{self.record}"
        )
        self.words = ["--command", str(folder / "bin" / "tell")]

    def messages(self) -> list[dict[str, Any]]:
        if not self.record.exists():
            return []
        return [json.loads(line) for line in self.record.read_text().splitlines()]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


def once(project: Checkout, *words: str, **env: str) -> Answer:
    return project.run("fairway-notify", "once", *words, env=env)


def claim(project: Checkout, task_id: str, lane: str = "B-ui") -> None:
    project.ok("queue-claim", task_id, "--role", lane, "--owner", "B")


class TestExec:
    def test_it_begins_with_what_happens_from_now_on(self, project: Checkout, told: Told) -> None:
        claim(project, "B-1")
        assert "nothing new" in once(project, *told.words).err
        claim(project, "B-2")
        assert once(project, *told.words).code == 0
        (message,) = told.messages()
        assert (message["schema"], message["kind"], message["task_id"], message["lane"]) == (
            *("notification/1", "claimed", "B-2", "B-ui"),
        )
        assert message["summary"].startswith("todo -> in_progress")
        assert once(project, *told.words).out == ""
        assert len(told.messages()) == 1

    def test_lanes_kinds_and_events_from_before(self, project: Checkout, told: Told) -> None:
        claim(project, "B-1")
        claim(project, "C-1", "C-ops")
        project.ok("queue-release", "B-1", "--reason", "x")
        for words, expected in (
            (["--role", "C-ops"], ["C-1"]),
            (["--kind", "released, reviewed"], ["B-1"]),
            (["--kind", "claimed"], ["B-1", "C-1"]),
        ):
            dry = project.ok("fairway-notify", "once", *words, "--after", "0", "--dry-run", "--json").json
            assert [message["task_id"] for message in dry["would_tell"]] == expected
        assert told.messages() == []
        assert once(project, *told.words, "--after", "0", "--kind", "claimed").code == 0
        assert [message["task_id"] for message in told.messages()] == ["B-1", "C-1"]

    def test_what_fails_is_kept_and_told_again_in_order(self, project: Checkout, told: Told) -> None:
        once(project, *told.words)
        told.broken.touch()
        claim(project, "B-1")
        claim(project, "B-2")
        for attempt in (1, 2):
            refused = once(project, *told.words)
            assert (refused.code, refused.word) == (1, "command_failed")
            assert f"attempt {attempt}: exec: " in refused.err
            assert "no such luck; 2 event(s) wait" in refused.err
        assert project.ok("fairway-notify", "status", "--json").json["notifiers"][0]["failed"]["attempts"] == 2
        told.broken.unlink()
        assert once(project, *told.words).code == 0
        assert [message["task_id"] for message in told.messages()] == ["B-1", "B-2"]
        assert project.ok("fairway-notify", "status", "--json").json["notifiers"][0]["failed"] is None

    def test_an_event_is_given_up_after_ten_attempts_and_that_is_kept(self, project: Checkout, told: Told) -> None:
        once(project, *told.words)
        told.broken.touch()
        claim(project, "B-1")
        for _ in range(9):
            assert once(project, *told.words).code == 1
        found = once(project, *told.words, "--json")
        assert found.code == 0
        assert (found.json["given_up"][0]["attempts"], found.json["told"]) == (10, [])

    def test_two_at_once_tell_nobody_twice(self, project: Checkout, told: Told) -> None:
        once(project, *told.words)
        claim(project, "B-1")
        claim(project, "B-2")
        started = [start_tool("fairway-notify", "once", *told.words, cwd=project.main) for _ in range(3)]
        assert [finish(process).code for process in started] == [0, 0, 0]
        assert [message["task_id"] for message in told.messages()] == ["B-1", "B-2"]

    def test_a_program_that_hangs_is_ended(self, project: Checkout, tmp_path: Path) -> None:
        program(tmp_path / "bin", "slow", "sleep 600 & sleep 600")
        words = ["--command", str(tmp_path / "bin" / "slow"), "--timeout", "1s"]
        once(project, *words)
        claim(project, "B-1")
        assert "did not end within 1 seconds" in once(project, *words).err

    def test_all_of_it_is_told_however_much_there_is(self, project: Checkout, told: Told) -> None:
        """What is wanted may stand behind any number of events that are not."""
        once(project, *told.words)
        with closing(sqlite3.connect(project.store)) as connection, connection:
            for number in range(1_200):
                connection.execute(
                    "INSERT INTO events (at, actor, tool, task_id, kind, payload, previous_hash, hash)"
                    " VALUES ('2026-05-04T08:00:00.000000Z', 'x', 't', 'B-1', ?, '{}', '', ?)",
                    ("claimed" if number % 600 == 599 else "task_updated", str(number)),
                )
        answer = once(project, *told.words, "--kind", "claimed")
        assert answer.code == 0
        assert [event["kind"] for event in told.messages()] == ["claimed", "claimed"]
        assert "nothing new" in once(project, *told.words).err

    def test_notifiers_have_cursors_of_their_own(self, project: Checkout, told: Told) -> None:
        for name in ("one", "two"):
            once(project, *told.words, "--notifier", name)
        claim(project, "B-1")
        once(project, *told.words, "--notifier", "one")
        rows = project.ok("fairway-notify", "status", "--json").json["notifiers"]
        assert {row["name"]: row["behind"] for row in rows} == {"one": 0, "two": 1}


class TestHandoffs:
    def test_a_handoff_is_told_or_not_told(self, project: Checkout, told: Told) -> None:
        once(project, *told.words)
        claim(project, "B-1")
        project.ok(
            *("queue-record-handoff", "B-1", "--owner", "B", "--branch", "master", "--commit", "master"),
            *("--commands", "c", "--results", "r", "--changed-files", "f", "--to-role", "C-ops"),
        )
        assert ": not told\n" in project.ok("fairway-notify", "status").out
        once(project, *told.words)
        assert "handoff of B-1 to C-ops at " in project.ok("fairway-notify", "status").out
        assert ": told by default\n" in project.ok("fairway-notify", "status").out


class Receiver(ThreadingHTTPServer):
    """A webhook's receiver on loopback; `codes` are its next answers, 200 when they are used up."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.codes: list[int] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?x=1"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        self.send_response(self.server.codes.pop(0) if self.server.codes else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with serving(Receiver()) as server:
        yield server


class TestWebhook:
    def test_it_is_signed_and_has_the_hash_of_the_event_as_key(self, project: Checkout, receiver: Receiver) -> None:
        secret = {"FAIRWAY_NOTIFY_SECRET": "s3cret"}
        once(project, "--webhook", receiver.url, **secret)
        claim(project, "B-1")
        assert once(project, "--webhook", receiver.url, **secret).code == 0
        ((path, headers, body),) = receiver.seen
        message = json.loads(body)
        assert (path, message["task_id"], headers["Idempotency-Key"]) == ("/hook?x=1", "B-1", message["hash"])
        assert headers["X-Fairway-Signature"] == "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
        for path in map(Path, self.files(project)):
            assert "s3cret" not in path.read_text()

    def test_an_answer_that_is_no_success_is_tried_again(self, project: Checkout, receiver: Receiver) -> None:
        once(project, "--webhook", receiver.url)
        claim(project, "B-1")
        receiver.codes = [500, 302]
        for code in (500, 302):
            assert f"answered {code}" in once(project, "--webhook", receiver.url).err
        assert once(project, "--webhook", receiver.url).code == 0
        assert len({headers["Idempotency-Key"] for _path, headers, _body in receiver.seen}) == 1

    def test_a_channel_that_was_told_is_not_told_again_for_another(
        self, project: Checkout, receiver: Receiver, told: Told
    ) -> None:
        words = [*told.words, "--webhook", receiver.url]
        once(project, *words)
        claim(project, "B-1")
        receiver.codes = [503]
        assert once(project, *words).code == 1
        assert once(project, *words).code == 0
        assert (len(told.messages()), len(receiver.seen)) == (1, 2)

    def test_nobody_listens(self, project: Checkout) -> None:
        once(project, "--webhook", "http://127.0.0.1:9/")
        claim(project, "B-1")
        assert once(project, "--webhook", "http://127.0.0.1:9/").word == "command_failed"

    def test_another_command_in_its_place_is_told(
        self, project: Checkout, receiver: Receiver, told: Told, tmp_path: Path
    ) -> None:
        (tmp_path / "second").mkdir()
        second = Told(tmp_path / "second")
        words = ["--webhook", f"http://127.0.0.1:{receiver.server_address[1]}/"]
        once(project, *told.words, *words)
        claim(project, "B-1")
        receiver.codes = [500]
        assert once(project, *told.words, *words).code == 1
        assert once(project, *second.words, *words).code == 0
        assert [len(one.messages()) for one in (told, second)] == [1, 1]

    @staticmethod
    def files(project: Checkout) -> list[str]:
        folder = os.path.join(project.main, ".git", "fairway", "notify")
        return [os.path.join(place, name) for place, _folders, names in os.walk(folder) for name in names]


class TestApprise:
    """Services that apprise knows: their addresses are in the environment or the keyring, and nowhere else."""

    @pytest.fixture(autouse=True)
    def _apprise(self) -> None:
        if find_spec("apprise") is None:
            pytest.skip("the extra [notify] is not installed: pip install apprise")

    @pytest.fixture
    def urls(self, receiver: Receiver) -> dict[str, str]:
        port = receiver.server_address[1]
        return {"FAIRWAY_NOTIFY_URLS": f"json://bot:s3cret@127.0.0.1:{port}/one json://127.0.0.1:{port}/two"}

    def test_each_address_is_told(self, project: Checkout, receiver: Receiver, urls: dict[str, str]) -> None:
        once(project, "--apprise", **urls)
        claim(project, "B-1")
        assert once(project, "--apprise", **urls).code == 0
        assert [path for path, _headers, _body in receiver.seen] == ["/one", "/two"]
        sent = json.loads(receiver.seen[0][2])
        assert sent["title"] == "gpuaas: claimed"
        assert sent["message"].startswith("B-1 todo -> in_progress")

    def test_one_that_was_told_is_not_told_again_for_another(
        self, project: Checkout, receiver: Receiver, urls: dict[str, str]
    ) -> None:
        once(project, "--apprise", **urls)
        claim(project, "B-1")
        receiver.codes = [200, 500]
        refused = once(project, "--apprise", **urls)
        assert (refused.code, refused.word) == (1, "command_failed")
        assert "apprise 2 (json): the service was not told" in refused.err
        assert once(project, "--apprise", **urls).code == 0
        assert [path for path, _headers, _body in receiver.seen] == ["/one", "/two", "/two"]

    def test_an_address_that_moves_up_is_told(
        self, project: Checkout, receiver: Receiver, urls: dict[str, str]
    ) -> None:
        once(project, "--apprise", **urls)
        claim(project, "B-1")
        receiver.codes = [200, 500]
        assert once(project, "--apprise", **urls).code == 1
        second = {"FAIRWAY_NOTIFY_URLS": urls["FAIRWAY_NOTIFY_URLS"].split()[1]}
        assert once(project, "--apprise", **second).code == 0
        assert [path for path, _headers, _body in receiver.seen] == ["/one", "/two", "/two"]

    def test_an_address_is_written_nowhere(
        self, project: Checkout, receiver: Receiver, urls: dict[str, str], tmp_path: Path
    ) -> None:
        home = {"HOME": str(tmp_path / "home"), "XDG_DATA_HOME": str(tmp_path / "home" / "data")}
        once(project, "--apprise", **urls, **home)
        claim(project, "B-1")
        receiver.codes = [500]
        refused = once(project, "--apprise", **urls, **home)
        told = [refused.out, refused.err, project.ok("fairway-notify", "status", "--json").out]
        told += [project.ok("queue-activity", "--json").out]
        told += [Path(path).read_text() for path in TestWebhook.files(project)]
        assert not [text for text in told if "s3cret" in text or "127.0.0.1" in text]
        assert not (tmp_path / "home").exists()

    def test_a_service_that_hangs_is_left_after_the_time(self, project: Checkout) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            urls = {"FAIRWAY_NOTIFY_URLS": f"json://127.0.0.1:{silent.getsockname()[1]}/"}
            words = ["--apprise", "--timeout", "1s"]
            once(project, *words, **urls)
            claim(project, "B-1")
            assert once(project, *words, **urls).word == "command_failed"

    def test_an_address_that_is_none(self, project: Checkout) -> None:
        answer = once(project, "--apprise", FAIRWAY_NOTIFY_URLS="json://127.0.0.1/ nonsense://s3cret@host")
        assert (answer.code, answer.word) == (2, "usage")
        assert "address 2 is none that apprise knows" in answer.err
        assert "s3cret" not in answer.err

    @pytest.mark.parametrize(
        ("asked", "said", "hint"),
        [
            ("import nothing_of_this_name", "the keyring cannot be asked: No module", "keyring>=25"),
            ("raise errors.KeyringError('locked')", "the keyring does not answer: locked", "set FAIRWAY_NOTIFY_URLS"),
            ("", "the keyring (fairway-notify, default) has one", "keyring set fairway-notify default"),
        ],
    )
    def test_why_there_is_no_address(self, project: Checkout, tmp_path: Path, asked: str, said: str, hint: str) -> None:
        ring = tmp_path / "lib" / "keyring"
        ring.mkdir(parents=True)
        (ring / "errors.py").write_text("class KeyringError(Exception): pass\n")
        body = f"{asked}\n" if asked.startswith("import") else f"def get_password(*_): {asked or 'return None'}\n"
        (ring / "__init__.py").write_text(f"from keyring import errors\n{body}")
        answer = once(project, "--apprise", PYTHONPATH=str(tmp_path / "lib"), FAIRWAY_NOTIFY_URLS="")
        assert (answer.code, answer.word) == (2, "usage")
        assert said in answer.err
        assert hint in answer.err.partition("hint: ")[2]


def test_without_apprise_the_line_that_installs_it_is_printed(project: Checkout, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "apprise.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'apprise'\", name='apprise')\n"
    )
    answer = once(project, "--apprise", PYTHONPATH=str(tmp_path / "lib"), FAIRWAY_NOTIFY_URLS="json://127.0.0.1/")
    assert (answer.code, answer.word) == (2, "missing_dependency")
    assert f"hint: make -C {HOME} setup" in answer.err


def test_the_kinds_that_can_be_asked_for_are_those_that_are_recorded() -> None:
    recorded: set[str] = set()
    for path in modules():
        for node in nodes(path):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = {"record": 0, "append_event": 2, "write_session": 3, "_give_back": 2, "_settle": 2}.get(name)
                kind = node.args[place] if place is not None and len(node.args) > place else None
                if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                    recorded.add(kind.value)
    assert {"claimed", "released", "session_ended", "store_moved", "tracker_exported"} <= recorded
    assert recorded <= KNOWN


class TestRefusals:
    @pytest.mark.parametrize(
        "words",
        [
            [],
            ["ones"],
            ["once"],
            ["once", "--command", "'unclosed"],
            ["once", "--webhook", "ftp://x"],
            ["once", "--command", "true", "--timeout", "soon"],
            ["once", "--command", "true", "--notifier", "../x"],
            ["once", "--command", "true", "--after", "-1"],
        ],
    )
    def test_words_that_are_not_known(self, project: Checkout, words: list[str]) -> None:
        answer = project.run("fairway-notify", *words)
        assert (answer.code, answer.word) == (2, "usage")

    def test_a_kind_that_nothing_is_of(self, project: Checkout) -> None:
        """With a slip in it a notifier would be silent for ever."""
        answer = once(project, "--command", "true", "--kind", "claimed,handof_recorded")
        assert (answer.code, answer.word) == (2, "usage")
        assert "KIND 'handof_recorded' is no kind of event" in answer.err
        assert "fairway-notify once --kind '<kind>' --command true" in answer.err

    def test_an_event_that_has_not_happened(self, project: Checkout, told: Told) -> None:
        answer = once(project, *told.words, "--after", "99999")
        assert (answer.code, answer.word) == (3, "not_found")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        once(project, *told.words, "--after", "0", "--kind", "claimed")
        assert [event["kind"] for event in told.messages()] == ["claimed"]

    def test_a_lane_that_is_none(self, project: Checkout) -> None:
        assert once(project, "--command", "true", "--role", "X").word == "not_found"

    def test_a_state_that_is_none_of_ours_is_left_alone(self, project: Checkout) -> None:
        once(project, "--command", "true")
        (path,) = TestWebhook.files(project)
        with open(path, "w", encoding="utf-8") as file:
            file.write("[]")
        assert once(project, "--command", "true").word == "invalid_document"
