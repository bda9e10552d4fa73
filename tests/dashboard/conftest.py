"""A dashboard in this process, and a browser of few words in front of it."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.engines import SERVER, engine, engine_variables
from tests.support.shell import Checkout, _Pattern, make_checkout, queue_text, task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.testclient import TestClient

if not os.environ.get("CI"):
    pytest.importorskip("starlette", reason="the extra [dashboard] is not installed")

__all__ = ["engine"]
ORIGIN = "http://127.0.0.1:7878"
HTML = {"accept": "text/html"}


def started(**values: Any) -> SimpleNamespace:
    """The arguments of a call of fairway-dashboard that names nothing."""
    names = ("queue_db", "queue_file", "config", "actor", "role", "host", "port", "projects")
    return SimpleNamespace(
        tool="fairway-dashboard", json=False, format="text", **{**dict.fromkeys(names, ""), **values}
    )


class Site:
    """One running dashboard: `client` has entered, `stranger` has not."""

    def __init__(self, project: Checkout, **settings: Any) -> None:
        from starlette.testclient import TestClient

        from fairway_scripts.dashboard.app import Pages, application
        from fairway_scripts.dashboard.desk import Desk
        from fairway_scripts.dashboard.door import Keys
        from fairway_scripts.dashboard.serve import hosts_of

        self.project = project
        folders = [project.main, *settings.pop("others", [])]
        self.desk = Desk(
            folders,
            started(queue_db=engine_variables(project.main).get("QUEUE_DB", "")),
            read_only=settings.pop("read_only", False),
        )
        self.keys = Keys(os.path.dirname(project.store), 7878)
        app = application(Pages(self.desk, self.keys), hosts_of("127.0.0.1", 7878))

        def new() -> TestClient:
            return TestClient(app, base_url=ORIGIN, headers=HTML, follow_redirects=False)

        self.stranger = new()
        self.client = new()
        answer = self.client.post("/enter", data={"token": self.keys.token}, headers={"origin": ORIGIN})
        assert answer.status_code == 303, answer.text

    def text(self, path: str) -> str:
        """A page that has to be there, as its words, one blank between."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return words(answer.text)

    def act(self, task_id: str, deed: str, client: TestClient | None = None, **fields: str) -> Any:
        """Send the form of a deed, as its page would."""
        page = (client or self.client).get(f"/tasks/{task_id}").text
        found = re.search(r'name="form_token" value="(\w+)"', page)
        given = {"form_token": found[1] if found else "", "actor": "Ada", **fields}
        sent = {"origin": ORIGIN}
        return (client or self.client).post(f"/tasks/{task_id}/do/{deed}", data=given, headers=sent)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def words(html: str) -> str:
    """What a page says, without its tags."""
    reader = _Words()
    reader.feed(html)
    return " ".join(reader.found)


@pytest.fixture(autouse=True)
def _own_folder() -> Iterator[None]:
    """The desk goes to the folder of its project, which this process has to leave again."""
    before = os.getcwd()
    yield
    os.chdir(before)


@pytest.fixture(autouse=True)
def _nothing_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page puts off depends on how long it took, which is no matter of these tests."""
    monkeypatch.setattr("fairway_scripts.dashboard.answers.SLOW", 1e9)
    monkeypatch.setattr("fairway_scripts.dashboard.answers.VERY_SLOW", 1e9)


@pytest.fixture
def project(engine: str, request: pytest.FixtureRequest, tmp_path: Any) -> Checkout:
    """Two lanes: B-1 in progress and handed off, B-2 ready, B-3 waits for B-1, C-1 blocked."""
    if engine == SERVER:  # a copy would be a project without a store
        return filled(tmp_path)
    return copy_of(request.getfixturevalue("_pattern"), os.path.realpath(tmp_path))


def copy_of(made: Checkout, parent: str) -> Checkout:
    """The same project in `parent`: making one takes a dozen processes."""
    return _Pattern(os.path.dirname(made.main), os.path.basename(made.main), made.lanes).copy_to(parent)


@pytest.fixture(scope="session")
def _pattern(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return filled(tmp_path_factory.mktemp("dashboard"))


def filled(parent: Any) -> Checkout:
    """The project, made with the tools."""
    queue = queue_text(
        task("B-1", title="Draw the list"),
        task("B-2", title="Draw the button", priority=1),
        task("B-3", depends_on=["B-1"]),
        task("C-1", "C-ops"),
    )
    made = make_checkout(parent, queue, lanes=["B-ui", "C-ops"])
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    commit = made.commit("B-ui", "doc/api/x.yaml", message="B-1: contract")
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--commit", commit)
    made.ok(
        *("queue-record-handoff", "B-1", "--owner", "B", "--branch", "agent/B-ui", "--commit", commit),
        *("--commands", "make test", "--results", "pass", "--changed-files", "doc/api/x.yaml", "--to-role", "C-ops"),
    )
    made.ok("queue-route-review", "B-1", "--ref", commit)
    made.ok("queue-set-status", "C-1", "--status", "blocked", "--reason", "no key for staging")
    return made


@pytest.fixture
def open_site(project: Checkout) -> Iterator[Callable[..., Site]]:
    """Starts a dashboard of `project`, with what it is given."""
    opened: list[Site] = []

    def start(**settings: Any) -> Site:
        opened.append(Site(project, **settings))
        return opened[-1]

    yield start
    for site in opened:
        site.desk.close()


@pytest.fixture
def site(open_site: Callable[..., Site]) -> Site:
    """A dashboard of `project`."""
    return open_site()
