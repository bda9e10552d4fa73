"""The pages in a real Chromium: for everybody, by keyboard, without JavaScript, narrow, and while things happen."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.dashboard.site import PAGES
from tests.dashboard.lively import NOW, make_lively
from tests.dashboard.test_process import Running
from tests.support.rings import FULL, some
from tests.support.shell import HOME, make_checkout, queue_text, task

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if not os.environ.get("CI"):
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed", allow_module_level=True)
    pytest.importorskip("playwright", reason="playwright is not installed")

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
AXE = os.path.join(HOME, "tests", "dashboard", "axe", "axe.min.js")
PICTURES = os.path.join(HOME, "docs", "pictures")
#: Every page that there is, and two of a kind that there are many of.
ADDRESSES = [
    *(f"{page.path}?show=all" for page in PAGES.values()),
    "/tasks/B-ALERT-001",
    "/panels/task/merge-ready?task_id=B-ALERT-001",
    "/events/4",
    "/tasks/NO-SUCH",
]
#: Those that a look costs seconds at: a short run has a page of panels, one of a task and one that is not there.
LOOKED_AT = ADDRESSES if FULL else ["/?show=all", "/tasks/B-ALERT-001", "/tasks/NO-SUCH"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for these tests; its driver keeps a loop running in this thread, which no other test may find."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def lively(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A dashboard of the lively project, which tests only look at."""
    project = make_lively(tmp_path_factory.mktemp("lively"))
    running = Running(project, env={"FAIRWAY_NOW": NOW, "FAIRWAY_VIA": "make"})
    yield running
    running.stop()


def entered(browser: Any, running: Running, **settings: Any) -> Any:
    """A page of a new browser that has entered; what it complains about is in `page.complaints`."""
    page = browser.new_context(**settings).new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.goto(running.address)
    page.wait_for_url(f"http://127.0.0.1:{running.port}/")
    return page


def at(running: Running, path: str) -> str:
    return f"http://127.0.0.1:{running.port}{path}"


def settled(page: Any) -> None:
    """Wait until every panel that comes by itself is there."""
    page.wait_for_selector("[hx-trigger^=load]", state="detached")


@pytest.mark.parametrize("theme", some(["light", "dark"], "light"))
def test_axe_finds_nothing_on_any_page(browser: Any, lively: Running, theme: str) -> None:
    page = entered(browser, lively, color_scheme=theme, bypass_csp=True)
    for path in (*LOOKED_AT, "/enter"):
        page.goto(at(lively, path))
        page.add_script_tag(path=AXE)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(path, one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.context.close()


def test_no_page_complains_and_every_panel_comes_by_itself(browser: Any, lively: Running) -> None:
    page = entered(browser, lively)
    for path in PAGES.values():
        page.goto(at(lively, path.path))
        settled(page)
    assert page.complaints == []
    page.goto(at(lively, "/trust"))
    page.click("#verified a")
    page.wait_for_selector("#verified >> text=sound")
    assert page.url.endswith("/trust")
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("width", some([320, 768, 1440], 320))
def test_no_page_is_wider_than_its_window(browser: Any, lively: Running, width: int) -> None:
    page = entered(browser, lively, viewport={"width": width, "height": 800})
    for path in LOOKED_AT:
        page.goto(at(lively, path))
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()


def test_whatever_can_scroll_is_reached_with_the_keyboard(browser: Any, lively: Running) -> None:
    """Also where nothing is wide enough to scroll today: a longer path is, and no link stands in it."""
    page = entered(browser, lively)
    unreached = """() => [...document.body.querySelectorAll("*")].filter(one => one.tabIndex < 0
        && /auto|scroll/.test(getComputedStyle(one).overflow)).map(one => one.outerHTML.slice(0, 80))"""
    for path in LOOKED_AT:
        page.goto(at(lively, path))
        assert page.evaluate(unreached) == [], path
    page.context.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A dashboard of a project that a test may change."""
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2"), task("C-1", "C-ops")), lanes=["B-ui"])
    project.ok("queue-ready")
    running = Running(project)
    yield running
    running.stop()


def test_a_task_is_claimed_with_the_keyboard_alone(browser: Any, own: Running) -> None:
    page = entered(browser, own)
    page.keyboard.press("/")
    page.keyboard.type("b-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/B-1")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "claim-actor":
            break
    assert page.input_value("#claim-actor") == "ada"  # who started it
    page.keyboard.press("Control+A")
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/B-1?done=claim")
    assert "claimed by Ada" in page.inner_text(".lead")
    assert own.project.detail("B-1")["claimant"] == "Ada"
    page.context.close()


def test_keys_move_go_and_can_be_switched_off(browser: Any, own: Running) -> None:
    page = entered(browser, own)
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url("**/board")
    settled(page)
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("j")
    second = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("k")
    assert (first, second, page.evaluate("document.activeElement.textContent")) == ("B-1", "B-2", "B-1")
    page.keyboard.press("?")
    page.uncheck("dialog input")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "find"
    page.context.close()


def computed(page: Any, panel: str) -> str:
    """The text of a panel; on a busy machine any panel may be one that waits to be asked for."""
    while page.query_selector(f"{panel} a:has-text('Compute it')"):
        page.click(f"{panel} a:has-text('Compute it')")
    return str(page.inner_text(panel))


@pytest.mark.endurance
def test_everything_is_there_without_javascript(browser: Any, own: Running) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    address, token = own.address.split("#")
    page.goto(address)
    page.fill("#token", token)
    page.fill("#actor", "Ada")
    page.click("button.main")
    page.click("nav a:has-text('Board')")
    assert "B-1" in computed(page, "#ready")
    page.click("#tasks a:has-text('Compute it')")
    assert "All tasks 3" in computed(page, "#tasks")
    assert "B-1" in computed(page, "#ready")
    page.click("#ready a:has-text('B-1')")
    page.click("details button:has-text('Claim')")
    assert "claimed by Ada" in page.inner_text(".lead")
    page.context.close()


def test_what_happens_elsewhere_comes_to_every_tab_over_one_connection(browser: Any, own: Running) -> None:
    first = entered(browser, own)
    second = first.context.new_page()
    for page in (first, second):
        page.goto(at(own, "/board"))
        settled(page)
    first.wait_for_timeout(500)
    own.project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    for page in (first, second):
        page.wait_for_selector("#active >> text=B-1")
        assert "claimed B-1, by bea" in page.inner_text("#news")
    streams = "performance.getEntriesByType('resource').filter(one => one.name.includes('/live')).length"
    assert first.evaluate("performance.now() > 0")
    assert first.evaluate(streams) + second.evaluate(streams) <= 1
    first.context.close()


HOSTILE = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"


def test_hostile_titles_run_nothing(browser: Any, tmp_path: Path) -> None:
    title = HOSTILE + "'\"{{7*7}} javascript:alert(1) \u202etxt.exe"
    project = make_checkout(tmp_path, queue_text(task("B-1", title=title, notes=title)), lanes=["B-ui"])
    project.ok("queue-ready")
    running = Running(project)
    try:
        page = entered(browser, running)
        page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
        for path in ("/?show=all", "/board?show=all", "/tasks/B-1", "/activity?show=all"):
            page.goto(at(running, path))
            settled(page)
            assert page.title() != "taken"
            assert page.locator("img, main script").count() == 0
        page.goto(at(running, "/tasks/B-1"))
        assert page.inner_text("h1").startswith("<img src=x onerror=")
        assert "{{7*7}}" in page.inner_text("h1")
        assert page.complaints == []
        page.context.close()
    finally:
        running.stop()


#: picture -> path, theme, size
SHOTS = {
    "now-light": ("/", "light", (1440, 1000)),
    "board-dark": ("/board", "dark", (1440, 1000)),
    "task-light": ("/tasks/B-ALERT-001", "light", (1440, 1000)),
    "reports-light": ("/reports", "light", (1440, 1000)),
    "task-narrow": ("/tasks/B-ALERT-001", "dark", (320, 900)),
}


@pytest.mark.endurance
@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_each_page_is_made(
    browser: Any, lively: Running, name: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Into docs/pictures with --update-golden; the fonts of a machine are its own, so nothing is compared."""
    path, theme, (width, height) = SHOTS[name]
    page = entered(browser, lively, color_scheme=theme, viewport={"width": width, "height": height})
    page.goto(at(lively, path))
    settled(page)
    folder = PICTURES if pytestconfig.getoption("--update-golden") else str(tmp_path)
    page.screenshot(path=os.path.join(folder, f"{name}.png"))
    assert os.path.getsize(os.path.join(folder, f"{name}.png")) > 10_000
    assert os.path.exists(os.path.join(PICTURES, f"{name}.png"))
    page.context.close()
