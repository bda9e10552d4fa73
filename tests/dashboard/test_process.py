"""The tool itself: one line with the address, pages over HTTP, live events over restarts, and a clean end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.support.engines import engine_variables, on_server
from tests.support.server import server
from tests.support.shell import BIN, Checkout, environment


class Running:
    """A dashboard in a process of its own; `entered` is a browser's cookie."""

    def __init__(self, project: Checkout, *words: str, entered: str = "", env: dict[str, str] | None = None) -> None:
        self.project = project
        line = [sys.executable, os.path.join(BIN, "fairway-dashboard"), *(words or ("--port", "0"))]
        pipe = subprocess.PIPE
        env = environment(ACTOR="ada", **engine_variables(project.main), **(env or {}))
        self.process = subprocess.Popen(line, cwd=project.main, env=env, stdout=pipe, stderr=pipe, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, self.process.communicate()
        self.port = urlsplit(self.address).port or 0
        try:
            self.cookie = entered or self._enter()
        except BaseException:  # nobody else could end it
            self.stop()
            raise

    def _enter(self) -> str:
        token = urlsplit(self.address).fragment
        origin = {"origin": f"http://127.0.0.1:{self.port}", "content-type": "application/x-www-form-urlencoded"}
        answer = self.ask("/enter", "POST", urlencode({"token": token}), origin)
        assert answer.status == 303
        return str(answer.getheader("set-cookie")).partition(";")[0]

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, headers: dict[str, str] | None = None
    ) -> http.client.HTTPResponse:
        """An answer, whose body is still to be read."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        own = {"cookie": self.cookie} if hasattr(self, "cookie") else {}
        connection.request(method, path, body, {**own, **(headers or {})})
        return connection.getresponse()

    def page(self, path: str) -> str:
        """The text of a page that has to be there."""
        answer = self.ask(path)
        assert answer.status == 200
        return answer.read().decode()

    def listen(self, cursor: str) -> http.client.HTTPResponse:
        """A stream of events behind `cursor`."""
        answer = self.ask("/live", headers={"last-event-id": cursor})
        assert answer.getheader("content-type") == "text/event-stream; charset=utf-8"
        return answer

    def stop(self) -> int:
        """Interrupt it, as Ctrl-C does; the exit code."""
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)
        return self.process.returncode


def next_event(stream: http.client.HTTPResponse) -> dict[str, Any]:
    """The next event of a stream, with the `id` of its line."""
    number = ""
    while line := stream.readline().decode():
        if line.startswith("id: "):
            number = line[4:].strip()
        if line.startswith("data: "):
            event: dict[str, Any] = json.loads(line[6:])
            assert str(event["id"]) == number
            return event
    raise AssertionError("the stream has ended")


@pytest.fixture
def running(project: Checkout) -> Iterator[Running]:
    started = Running(project)
    yield started
    if started.process.poll() is None:
        started.stop()


def test_it_prints_one_address_on_this_machine_and_ends_when_interrupted(running: Running) -> None:
    assert running.address.startswith(f"http://127.0.0.1:{running.port}/enter#")
    assert "What needs somebody" in running.page("/")
    assert running.stop() == 130


def test_a_foreign_host_is_refused_by_the_real_server_too(running: Running) -> None:
    assert running.ask("/", headers={"host": "evil.example"}).status == 421
    assert (
        running.ask("/", headers={"host": "127.0.0.1:1", "x-forwarded-host": f"127.0.0.1:{running.port}"}).status == 421
    )


def test_live_events_of_every_kind_arrive_once_and_in_order_over_a_restart(running: Running, project: Checkout) -> None:
    cursor = running.page("/").partition('data-cursor="')[2].partition('"')[0]
    stream = running.listen(cursor)
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-evidence", "B-2", "--command-text", "make test", "--result", "pass")
    project.ok("session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual")
    seen = [next_event(stream) for _ in range(3)]
    assert [event["kind"] for event in seen] == ["claimed", "evidence_recorded", "session_registered"]
    commit = project.commit("B-ui", "a.txt", message="B-2: more")
    for tool, *words in (
        ("watcher-start", "W-1", "--task-id", "B-2", "--process", "deploy"),
        ("checkpoint-record", "B-2", "--summary", "half"),
        ("queue-route-review", "B-2", "--ref", commit),
        ("queue-ack-handoff", "B-1", "--handoff-id", "1"),
        ("queue-set-status", "B-1", "--status", "blocked", "--reason", "no key"),
    ):
        project.ok(tool, *words)
        seen.append(next_event(stream))
    kinds = ["watcher_started", "checkpoint_recorded", "review_routed", "handoff_acknowledged", "status_set"]
    assert [event["kind"] for event in seen[3:]] == kinds
    stream.close()
    assert running.stop() == 130
    project.ok("checkpoint-record", "B-2", "--summary", "while nobody listened")
    again = Running(project, "--port", str(running.port), entered=running.cookie)
    try:
        stream = again.listen(str(seen[-1]["id"]))
        assert next_event(stream)["kind"] == "checkpoint_recorded"
        project.ok("queue-release", "B-2")
        assert next_event(stream)["kind"] == "released"
    finally:
        again.stop()


@on_server
def test_a_stream_goes_on_when_the_server_of_the_store_is_started_again(running: Running, project: Checkout) -> None:
    stream = running.listen(running.page("/").partition('data-cursor="')[2].partition('"')[0])
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    assert next_event(stream)["kind"] == "claimed"
    server().stop()
    try:
        answer = running.ask("/board", headers={"accept": "text/html"})
        assert (answer.status, "cannot be reached" in answer.read().decode()) == (503, True)
    finally:
        server().start()
    project.ok("queue-release", "B-2")
    assert next_event(stream)["kind"] == "released"
    assert "B-2" in running.page("/panels/board/ready")


def test_a_stream_without_a_cursor_begins_now(running: Running, project: Checkout) -> None:
    stream = running.ask("/live?after=nonsense")
    retry, number, blank = [stream.readline().decode().strip() for _ in range(3)]
    newest = project.ok("queue-activity", "--limit", "1", "--json").json["events"][0]["event_id"]
    assert (retry, blank) == ("retry: 2000", "")
    assert int(number.removeprefix("id: ")) >= newest
    project.ok("queue-release", "B-1", "--actor", "bea")
    assert next_event(stream)["kind"] == "released"


def test_an_address_that_is_taken_is_refused_with_what_mends_it(project: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = project.run("fairway-dashboard", "--port", str(taken.getsockname()[1]))
    assert (answer.code, answer.word) == (2, "usage")
    assert "PORT" in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--port", "x"], "PORT 'x' is not a whole number"),
        (["--port", "65536"], "PORT 65536 is no port"),
        (["--host", "no such host"], "nothing can listen at no such host"),
        (["--host", "300.1.1.1"], "nothing can listen at 300.1.1.1"),
        (["--unknown"], "--unknown"),
    ],
)
def test_an_address_that_is_none_is_refused(project: Checkout, words: list[str], said: str) -> None:
    answer = project.run("fairway-dashboard", *words)
    assert (answer.code, answer.word) == (2, "usage"), answer
    assert said in answer.err


def test_beyond_this_machine_it_only_shows_unless_that_is_said_twice(project: Checkout) -> None:
    for words, shown in ((["--host", "0.0.0.0"], True), (["--host", "0.0.0.0", "--yes"], False)):
        running = Running(project, *words, "--port", "0", entered="none")
        try:
            host = {"host": f"0.0.0.0:{running.port}", "origin": f"http://0.0.0.0:{running.port}"}
            form = {"content-type": "application/x-www-form-urlencoded", **host}
            token = urlencode({"token": urlsplit(running.address).fragment})
            running.cookie = str(running.ask("/enter", "POST", token, form).getheader("set-cookie")).partition(";")[0]
            page = running.ask("/tasks/B-2", headers=host).read().decode()
            assert ("only shown, nothing is changed here" in page) is shown
            assert ("form_token" not in page) is shown
        finally:
            assert running.stop() == 130
            assert running.process.stderr is not None


class _AtPath(http.client.HTTPConnection):
    """A connection to a socket in the file system, as a forwarded port makes it."""

    path = ""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self.path)


@pytest.fixture
def short_folder() -> Iterator[str]:
    """A folder whose path is short: a socket's path has at most 107 characters, and a user's name may be long."""
    with tempfile.TemporaryDirectory(prefix="fw-", dir="/tmp") as folder:
        yield folder


def test_it_listens_at_a_socket_of_its_user_alone_and_takes_it_away(project: Checkout, short_folder: str) -> None:
    path = os.path.join(short_folder, "s")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:  # by a server that was killed
        left.bind(path)
    words = ("--host", f"unix:{path}", "--port", "7901")
    running = Running(project, *words, entered="none")
    try:
        assert running.address.startswith("http://127.0.0.1:7901/enter#")
        assert os.stat(path).st_mode & 0o777 == 0o600
        for host, status in (("127.0.0.1:7901", 200), ("localhost:7901", 200), ("127.0.0.1:7878", 421), ("evil", 421)):
            asking = _AtPath("127.0.0.1", timeout=30)
            asking.path = path
            asking.request("GET", "/enter", headers={"host": host})
            assert asking.getresponse().status == status, host
            asking.close()
        taken = project.run("fairway-dashboard", *words)
        assert (taken.code, taken.word) == (2, "usage")
        assert "nothing can listen at unix:" in taken.err
    finally:
        assert running.stop() == 130
    assert not os.path.lexists(path)


def test_a_file_that_is_no_socket_is_left_alone(project: Checkout, tmp_path: Any) -> None:
    (tmp_path / "s").write_text("mine")
    refused = project.run("fairway-dashboard", "--host", f"unix:{tmp_path}/s", "--port", "7901")
    assert (refused.code, refused.word) == (2, "usage")
    assert (tmp_path / "s").read_text() == "mine"
    assert project.run("fairway-dashboard", "--host", f"unix:{tmp_path}/t", "--port", "0").word == "usage"


def test_without_a_store_there_is_nothing_to_show(tmp_path: Any) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, env=environment())
    answer = Checkout(str(tmp_path), {}).run("fairway-dashboard", "--port", "0")
    assert (answer.code, answer.word) == (3, "not_found")


def test_a_missing_package_is_told_with_the_line_that_installs_it(project: Checkout, monkeypatch: Any) -> None:
    from importlib import util

    from fairway_scripts.base import extras
    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.dashboard.commands import dashboard

    known = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "uvicorn" else known(name))
    with pytest.raises(FairwayError, match="uvicorn is missing") as refused:
        dashboard.run(SimpleNamespace(words=[]))
    assert refused.value.word == "missing_dependency"
    assert refused.value.hint.startswith("make -C ")
    monkeypatch.setattr(extras, "HOME", "/nowhere")
    with pytest.raises(FairwayError) as elsewhere:
        dashboard.run(SimpleNamespace(words=[]))
    assert " -m pip install 'jinja2" in elsewhere.value.hint


def test_many_browsers_that_come_at_once_are_each_told_once_and_the_end_is_quiet(
    running: Running, project: Checkout
) -> None:
    streams = []
    for _ in range(20):  # all of them ask before the first is answered
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
        connection.request("GET", "/live", headers={"cookie": running.cookie})
        streams.append(connection)
    answers = [connection.getresponse() for connection in streams]
    for number in range(3):
        project.ok("checkpoint-record", "B-1", "--summary", f"step {number}")
    told = [[next_event(answer)["id"] for _ in range(3)] for answer in answers]
    assert all(ids == sorted(set(ids)) for ids in told)
    assert all(ids == told[0] for ids in told)
    running.process.send_signal(signal.SIGINT)
    rest = [answer.read() for answer in answers]
    assert all(b"event: change" not in line for line in rest)
    _out, err = running.process.communicate(timeout=20)
    assert (running.process.returncode, err) == (130, "")


def test_a_cursor_of_another_store_begins_now(running: Running, project: Checkout) -> None:
    stream = running.listen("999999")
    project.ok("queue-release", "B-1", "--actor", "bea")
    assert next_event(stream)["kind"] == "released"
