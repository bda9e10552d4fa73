"""Requests: limits in the words of each tracker, attempts only where they do no harm, a token that is in nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.trackers import tokens
from fairway_scripts.trackers.services.issues import TrackerError
from fairway_scripts.trackers.services.limits import is_limit, wait_of
from fairway_scripts.trackers.services.wire import Wire
from tests.support.shell import HOME
from tests.support.tracker_sites import TOKEN, USER, GitHubSite, Made
from tests.trackers.conftest import Tracked

NOW = "2026-11-20T08:00:00Z"
EPOCH = 1_795_161_600  # the same
FAR = EPOCH + 3_000


def limits(kind: str) -> Made:
    """The refusal of a tracker that wants no more requests for 50 minutes."""
    return {
        "github": (
            403,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(FAR)},
            {"message": "API rate limit exceeded"},
        ),
        "gitlab": (429, {"RateLimit-Reset": str(FAR), "RateLimit-Remaining": "0"}, b"Retry later\n"),
        "jira": (429, {"X-RateLimit-Reset": "2026-11-20T08:50Z", "RateLimit-Reason": "jira-quota-based"}, {}),
        "jira-dc": (429, {"Retry-After": "3000", "X-RateLimit-Remaining": "0"}, b""),
        "linear": (
            400,
            {"X-RateLimit-Requests-Remaining": "0", "X-RateLimit-Requests-Reset": str(FAR * 1000)},
            {"errors": [{"message": "Rate limit exceeded", "extensions": {"code": "RATELIMITED"}}]},
        ),
    }[kind]


class TestLimits:
    def test_a_limit_that_lasts_is_a_finding_with_its_end(self, every: Tracked) -> None:
        """Nothing more is asked in the same call, and what was not asked is no pass."""
        for number in (12, 13):
            every.site.add(number, f"Issue {number}")
            every.ok("link", "B-1" if number == 12 else "C-1", "--issue", str(number))
        every.site.requests.clear()
        every.site.next += [lambda _request: limits(every.site.kind)]
        answer = every.run("reconcile", "--json", FAIRWAY_NOW=NOW)
        assert (answer.code, answer.word) == (1, "tracker_findings")
        assert {row["word"] for row in answer.json["findings"]} == {"rate_limited"}
        assert len(answer.json["findings"]) == 2
        assert "until 2026-11-20T08:50:00Z" in answer.json["findings"][0]["message"]
        assert len(every.site.requests) == 1

    def test_a_short_limit_is_waited_for(self, project: Tracked) -> None:
        project.site.add(12, "Buttons overlap")
        project.site.next += [lambda _request: (429, {"Retry-After": "1"}, {})]
        project.ok("link", "B-1", "--issue", "12")

    def test_a_limit_on_posting_is_told_and_posts_later(self, github: Tracked) -> None:
        entry = github.site.add(12, "Buttons overlap")
        github.ok("link", "B-1", "--issue", "12")
        github.site.next += [lambda _request: None, lambda _request: (403, {"Retry-After": "900"}, {})]
        assert github.found("export", "B-1") == ["rate_limited"]
        assert entry.comments == []
        github.ok("export", "B-1")
        assert len(entry.comments) == 1

    @pytest.mark.parametrize(
        ("headers", "seconds"),
        [
            ({"retry-after": "7"}, 7),
            ({"retry-after": "Fri, 20 Nov 2026 08:00:30 GMT"}, 30),
            ({"retry-after": "soon"}, 60),
            ({"x-ratelimit-reset": str(EPOCH + 5)}, 5),
            ({"x-ratelimit-requests-reset": str((EPOCH + 5) * 1000)}, 5),
            ({"x-ratelimit-reset": "2026-11-20T08:01Z"}, 60),
            ({"x-ratelimit-reset": str(EPOCH - 5)}, 0),
            ({"x-ratelimit-reset": "9" * 40}, 60),
            ({"x-ratelimit-reset": "-"}, 60),
            ({}, 60),
        ],
    )
    def test_when_it_ends(self, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], seconds: float) -> None:
        monkeypatch.setenv("FAIRWAY_NOW", NOW)
        assert wait_of(headers) == seconds

    def test_a_limit_that_only_says_so(self) -> None:
        assert is_limit(403, {}, {"message": "You have exceeded a secondary rate limit."})
        assert is_limit(429, {}, None)

    def test_a_refused_token_is_no_limit(self) -> None:
        assert not is_limit(403, {"x-ratelimit-remaining": "4000"}, {"message": "Forbidden"})
        assert not is_limit(400, {}, {"errors": [{"message": "x", "extensions": None}, "odd"]})


class TestAttempts:
    def test_a_failing_server_is_asked_three_times(self, github: Tracked) -> None:
        github.site.add(12, "Buttons overlap")
        github.site.next += [lambda _request: (503, {}, b"<html>busy</html>")] * 2
        github.ok("link", "B-1", "--issue", "12")
        github.site.next += [lambda _request: (503, {}, b"<html>busy</html>")] * 3
        assert github.found("reconcile") == ["unreachable"]

    def test_nobody_listens(self, github: Tracked) -> None:
        github.site.add(12, "Buttons overlap")
        github.ok("link", "B-1", "--issue", "12")
        github.site.shutdown()
        github.site.server_close()
        assert github.found("reconcile") == ["unreachable"]
        assert github.found("export", "B-1") == ["unreachable"]

    @pytest.mark.parametrize(
        "answer",
        [
            (200, {}, b"<html>Sign in</html>"),
            (200, {}, []),
            (200, {}, {"id": 1}),
            (200, {}, {"title": {}, "state": 5}),
            (200, {}, b""),
            (200, {}, b"[" * 100_000),
            (418, {}, {"message": "teapot \x1b[31m" + "x" * 5000}),
            (302, {"Location": "https://login.example.org/sso"}, None),
            (302, {}, None),
            (301, {"Location": "http://[::1"}, None),
            (200, {"Link": '<http://[>; rel="next"'}, []),
        ],
    )
    def test_an_answer_that_is_none(self, project: Tracked, answer: Any) -> None:
        project.site.add(12, "Buttons overlap")
        project.ok("link", "B-1", "--issue", "12")
        project.site.next += [lambda _request: answer]
        told = project.run("reconcile", "--json")
        first = told.json["findings"][0]
        assert first["word"] in ("bad_answer", "moved", "hidden")
        assert len(told.err) < 2000
        assert "\x1b" not in told.out + told.err

    def test_a_token_that_is_refused(self, project: Tracked) -> None:
        project.site.add(12, "Buttons overlap")
        variable = next(iter(project.site.environment))
        assert project.run("link", "B-1", "--issue", "12", **{variable: "another"}).word == "tracker_findings"
        answer = project.checkout.run("fairway-tracker", "link", "B-1", "--issue", "12")
        assert (answer.code, answer.word) == (2, "tracker_unavailable")
        assert variable in answer.err
        answer = project.run("link", "B-1", "--issue", "12", **{variable: "to ken\u00e9"})
        assert (answer.word, "ken" in answer.err.replace("token", "")) == ("tracker_unavailable", False)


@pytest.mark.parametrize("slow", ["status", "header", "body", "body to the end"])
def test_an_answer_that_drips_is_cut_off(monkeypatch: pytest.MonkeyPatch, slow: str) -> None:
    """Each byte comes in time, all of them do not."""
    monkeypatch.setattr("fairway_scripts.trackers.services.wire._ATTEMPTS", 1)
    quick = {
        "status": "HTTP/1.1 200 O",
        "header": "HTTP/1.1 200 OK\r\nX-Slow:",
        "body": 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"id": 1}',
        "body to the end": 'HTTP/1.1 200 OK\r\n\r\n{"id": 1}',
    }[slow]
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip() -> None:
        caller = server.accept()[0]
        with caller, contextlib.suppress(OSError):
            caller.recv(65536)
            caller.sendall(quick.encode())
            while not ended.wait(0.05):
                caller.sendall(b" ")

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    wire = Wire(f"http://127.0.0.1:{server.getsockname()[1]}", {}, [], 0.5)
    began = time.monotonic()
    try:
        with pytest.raises(TrackerError, match=r"no whole answer within 0\.5 s") as refused:
            wire.call("GET", "/x")
        assert refused.value.word == "unreachable"
        assert time.monotonic() - began < 3
    finally:
        ended.set()
        dripping.join(5)
        wire.close()
        server.close()


def wire_to(site: GitHubSite) -> Wire:
    return Wire(site.url, {"Authorization": f"Bearer {TOKEN}"}, [TOKEN], 5.0)


class TestWhereTheTokenGoes:
    def test_not_to_another_host(self, github: Tracked) -> None:
        """Neither by a redirection nor by the address of a next page."""
        other = GitHubSite()
        wire = wire_to(github.site)  # type: ignore[arg-type]
        try:
            github.site.next += [lambda _request: (301, {"Location": f"{other.url}/repos/a/b/issues/1"}, None)]
            with pytest.raises(TrackerError, match=r"moved to 127\.0\.0\.1"):
                wire.call("GET", "/repos/acme/widgets/issues/1")
            github.site.next += [lambda _request: (200, {"Link": f'<{other.url}/x>; rel="next"'}, [])]
            with pytest.raises(TrackerError, match="page on another host"):
                list(wire.pages("/repos/acme/widgets/issues", {"labels": "x"}))
        finally:
            wire.close()
            other.server_close()
        assert other.requests == []

    def test_a_changed_address_finds_no_token(self, github: Tracked) -> None:
        path = os.path.join(github.checkout.main, ".fairway", "config.toml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(github.site.url, "https://evil.example.org"))
        answer = github.run("import", "1")
        assert (answer.word, "FAIRWAY_TRACKER_TOKEN_EVIL_EXAMPLE_ORG" in answer.err) == ("tracker_unavailable", True)

    def test_it_is_in_no_channel(self, every: Tracked) -> None:
        """The tracker says it in errors, titles and texts: it stands in one header of each request alone."""
        site = every.site
        sent = "".join(f"{name} {value}" for name, value in environment_forms(every))
        forms = [form for form in sent.split() if form]
        site.add(12, f"Echo {' '.join(forms)}", body=f"Authorization: {' '.join(forms)}")
        site.add(13, "Usual")
        calls = (
            ["import", "12,13", "--json"],
            ["link", "B-1", "--issue", "13"],
            ["export", "--all", "--json"],
            ["reconcile", "--apply", "--json"],
            ["list", "--json"],
        )
        outputs = [every.run(*words) for words in calls]
        site.next += [
            lambda request: (400, {}, {"message": f"bad {request.headers['Authorization']}", "errors": []})
        ] * 3
        outputs.append(every.run("reconcile"))
        outputs += [every.run("import", "14"), every.run("nonsense"), every.checkout.run("queue-activity", "--json")]
        backup = every.checkout.ok("queue-backup", "--json").json["path"]
        outputs.append(every.checkout.ok("queue-snapshot", env={}))
        kept = [answer.out + answer.err for answer in outputs]
        with closing(sqlite3.connect(every.checkout.store)) as connection:
            kept += ["\n".join(connection.iterdump())]
        for folder, _folders, names in os.walk(every.checkout.main):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    kept.append(file.read().decode("latin-1"))
        assert os.path.exists(backup)
        for form in forms:
            assert all(form not in text for text in kept), form
        for request in site.requests:
            carried = {name: value for name, value in request.headers.items() if name != "Authorization"}
            assert not any(form in str((request.path, request.query, carried, request.body)) for form in forms)

    def test_however_the_tracker_writes_it(self, github: Tracked) -> None:
        """Escaped in JSON, in a header that would be kept, in the address of a next page, in a name."""
        escaped = "".join(f"\\u{ord(char):04x}" for char in TOKEN)
        body = f'[{{"title": "x {escaped}", "{escaped}": 1}}]'.encode()
        headers = {"ETag": f'"{TOKEN}"', "Link": f'<{github.site.url}/{TOKEN}>; rel="next"'}
        github.site.next += [lambda _request: (200, headers, body)]
        wire = wire_to(github.site)  # type: ignore[arg-type]
        reply = wire.call("GET", "/x")
        wire.close()
        assert reply.data == [{"title": "x [token]", "[token]": 1}]
        assert TOKEN not in str((reply, dict(reply.headers)))

    def test_a_token_on_the_command_line_is_refused(self, github: Tracked) -> None:
        github.site.add(1, "Usual")
        github.ok("link", "B-1", "--issue", "1")
        secret = "ghp_" + "a1B2" * 9
        refused = github.run("unlink", "B-1", "--reason", f"token {secret}")
        assert (refused.word, secret in refused.out + refused.err) == ("secret_found", False)


def environment_forms(tracked: Tracked) -> list[tuple[str, str]]:
    """The forms in which the token of a tracker is sent."""
    import base64

    both = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
    return [("", TOKEN), *([("", both)] if tracked.site.kind == "jira" else [])]


class TestKeyring:
    class Ring:
        """A keyring with one token; `broken` has none that answers."""

        def __init__(self, error: type[Exception], *, broken: bool) -> None:
            self.error, self.broken = error, broken

        def get_password(self, service: str, name: str) -> str | None:
            if self.broken:
                raise self.error("locked")
            return TOKEN if (service, name) == ("fairway-tracker", "api.github.com") else None

    @pytest.fixture
    def ring(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        import types

        def put(*, broken: bool) -> None:
            errors: Any = types.ModuleType("keyring.errors")
            errors.KeyringError = type("KeyringError", (Exception,), {})
            module: Any = types.ModuleType("keyring")
            module.get_password = self.Ring(errors.KeyringError, broken=broken).get_password
            module.errors = errors
            monkeypatch.setitem(sys.modules, "keyring", module)
            monkeypatch.setitem(sys.modules, "keyring.errors", errors)

        return put

    def test_it_is_asked_when_the_environment_has_none(self, ring: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        ring(broken=False)
        assert tokens.token_for("api.github.com") == TOKEN
        monkeypatch.setenv("FAIRWAY_TRACKER_TOKEN_API_GITHUB_COM", "mine")
        assert tokens.token_for("api.github.com") == "mine"

    @pytest.mark.parametrize("broken", [True, False])
    def test_one_without_the_token_is_a_refusal(self, ring: Any, *, broken: bool) -> None:
        ring(broken=broken)
        host = "api.github.com" if broken else "gitlab.com"
        why = "the keyring does not answer: locked" if broken else "nor the keyring .* has one"
        with pytest.raises(FairwayError, match=f"no token for {host}: .*{why}"):
            tokens.token_for(host)

    def test_one_that_is_not_installed_is_told_with_the_line_that_installs_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "keyring", None)
        with pytest.raises(FairwayError, match="the keyring cannot be asked") as refusal:
            tokens.token_for("gitlab.com")
        assert "keyring>=25" in refusal.value.hint


@pytest.mark.separate
def test_a_missing_extra_is_told_with_the_line_that_installs_it(github: Tracked, tmp_path: Any) -> None:
    """Without httpx2 the other tools go on, and this one says what it needs before it reads a token."""
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "httpx2.py").write_text("raise ModuleNotFoundError('no', name='httpx2')\n")
    env = {"PYTHONPATH": str(tmp_path / "gone"), **github.site.environment}
    answer = github.checkout.run("fairway-tracker", "import", "1", env=env)
    assert (answer.code, answer.word) == (2, "missing_dependency")
    assert f"hint: make -C {HOME} setup" in answer.err
    assert github.checkout.run("fairway-tracker", "list", env=env).code == 0


def test_listing_loads_no_client() -> None:
    code = "import sys; import fairway_scripts.trackers.commands.listing; print('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
