"""The wall, the board and the page of a task say what the tools say."""

from __future__ import annotations

import json
import os
import re
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from fairway_scripts.dashboard import lane_panels
from fairway_scripts.dashboard.charts import bars, stacked
from fairway_scripts.dashboard.panels import ASKED, Query
from fairway_scripts.dashboard.site import PAGES
from tests.dashboard.conftest import Site
from tests.support.engines import on_file
from tests.support.shell import Checkout, make_checkout, queue_text, task


@pytest.mark.parametrize("name", PAGES)
def test_a_page_marks_itself_in_the_navigation(site: Site, name: str) -> None:
    html = site.client.get(PAGES[name].path).text
    assert html.count('aria-current="page"') == 1
    assert f'<a href="{PAGES[name].path}" aria-current="page">{PAGES[name].title}</a>' in html


def test_the_wall_counts_what_the_status_report_counts(site: Site) -> None:
    counts = site.project.ok("queue-status-report", "--json").json["by_status"]
    said = site.text("/")
    for status, count in counts.items():
        assert f"{status.replace('_', ' ')} {count}" in said
    assert "ready 1" in said


def test_a_heavy_panel_is_deferred_and_never_a_zero_until_somebody_computes_it(site: Site) -> None:
    assert "What the coordinator would do next deferred Not computed yet." in site.text("/")
    seen = site.project.ok("orchestrator-tick", "--json").json["actions"]
    assert seen
    said = site.text("/?show=tick")
    for action in seen:
        assert f"{action['action']} {action['lane']} {action['task_id']}" in said


def test_panels_are_loaded_one_by_one_and_there_is_no_other(site: Site) -> None:
    part = site.client.get("/panels/board/ready", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert "B-2" in part
    assert "<html" in site.client.get("/panels/board/ready").text
    for path in ("/panels/board/nothing", "/panels/nothing/ready", "/panels/board", "/panels/now/ready"):
        assert site.client.get(path).status_code == 404, path


def test_the_board_says_what_is_ready_and_why_the_rest_is_not(site: Site) -> None:
    said = site.text("/board?show=all")
    assert "Ready 1" in said
    assert "B-2 B-ui 1 Draw the button" in said
    assert "In progress 1" in said
    assert "Blocked 1" in said
    assert "waits for B-1 (in_progress)" in said
    assert "Handoffs that wait 1" in said
    assert "handoff 1 for C-ops is not acknowledged" in said


def test_filters_stand_in_the_address(site: Site) -> None:
    said = site.text("/board?lane=C-ops&show=tasks")
    assert "C-1" in said
    assert "B-2" not in said
    assert "Show all" in said
    done = site.text("/board?status=done&show=tasks")
    assert "No task matches." in done


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/board?lane=Z-none", 404, "lane Z-none"),
        ("/board?status=never&show=tasks", 400, "is none of"),
        ("/tasks/B-99", 404, "there is no task B-99"),
        ("/nothing", 404, "There is no such page."),
        ("/tasks/B-1/do/approve", 404, "There is no such page."),
    ],
)
def test_what_there_is_not_is_refused_with_a_page(site: Site, path: str, status: int, word: str) -> None:
    answer = site.client.get(path)
    assert answer.status_code == status
    assert word in answer.text
    assert len(answer.content) < 20_000


def test_a_refusal_leads_on_to_every_page(site: Site) -> None:
    html = site.client.get("/tasks/NO-SUCH").text
    assert all(f'<a href="{page.path}">{page.title}</a>' in html for page in PAGES.values())


def test_a_refusal_shows_the_line_that_mends_it(site: Site) -> None:
    hint = site.project.run("queue-task-detail", "B-99", "--json")
    answer = site.client.get("/tasks/B-99").text
    assert "queue-list" in hint.err
    assert "queue-list" in answer


def test_rows_are_sorted_by_the_address_and_the_heading_says_so(site: Site) -> None:
    html = site.client.get("/board?show=tasks&sort=tasks.-id").text
    assert 'aria-sort="descending"' in html
    rows = html[html.index('id="tasks"') :]
    assert rows.index("C-1") < rows.index("B-3") < rows.index("B-1")
    other = site.client.get("/board?show=tasks&sort=ready.nothing").text
    assert "aria-sort" not in other


def test_the_page_of_a_task_has_its_records_and_the_next_line(site: Site) -> None:
    said = site.text("/tasks/B-1")
    step = site.project.detail("B-1")["next_step"]
    assert step["why"] in said
    for part in ("Evidence 1", "Handoffs 1", "Reviews asked for 1", "History 2", "make test", "agent/B-ui"):
        assert part in said, part


def test_the_page_of_a_task_says_what_merge_ready_still_wants(site: Site) -> None:
    html = site.client.get("/tasks/B-1").text
    assert 'What merge-ready still wants <span class="count">deferred' in html
    assert 'hx-get="/panels/task/merge-ready?task_id=B-1"' in html
    answer = site.project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--json").json
    failed = [finding for finding in answer["findings"] if finding["level"] == "error"]
    said = site.text("/panels/task/merge-ready?task_id=B-1")
    assert failed
    assert f"What merge-ready still wants {len(failed)} of " in said
    for check in failed:
        assert " ".join(check["message"].split()) in said
    assert site.client.get("/panels/task/merge-ready").status_code == 404
    assert site.client.get("/panels/task/merge-ready?task_id=B-99").status_code == 404
    assert "merge-ready" not in site.client.get("/tasks/B-2").text


def test_a_task_is_found_by_its_id_in_any_case(site: Site) -> None:
    answer = site.client.get("/find?q=b-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks/B-1")
    assert site.client.get("/find?q=nothing").status_code == 404
    assert site.client.get("/find?q=").headers["location"] == "/board"


def test_a_panel_is_exported_as_it_is_filtered(site: Site) -> None:
    answer = site.client.get("/panels/board/tasks?lane=C-ops&format=json")
    assert answer.headers["content-disposition"] == 'attachment; filename="tasks.json"'
    told = json.loads(answer.text)
    assert [row["id"] for row in told["rows"]] == ["C-1"]
    assert (told["schema"], told["total"]) == ("dashboard-panel/1", 1)
    table = site.client.get("/panels/board/tasks?lane=C-ops&format=csv").text
    assert table.splitlines()[0] == "id,lane,status,owner,priority,title,status_since"
    assert table.splitlines()[1].startswith("C-1,C-ops,blocked,")


HOSTILE = "<script>alert(1)</script> \u202e\x07 ' \" onload=x =HYPERLINK(1)"


def test_hostile_titles_are_text_everywhere(tmp_path: object) -> None:
    title = "=cmd()" + HOSTILE.replace("\x07", "")
    os.mkdir(f"{tmp_path}/own")
    project = make_checkout(f"{tmp_path}/own", queue_text(task("B-1", title=title)))
    project.ok("queue-ready")
    site = Site(project)
    try:
        for path in ("/", "/board?show=all", "/tasks/B-1"):
            html = site.client.get(path).text
            assert "<script>alert" not in html, path
            assert "\u202e" not in html, path
        assert "&lt;script&gt;alert(1)&lt;/script&gt; \\u202e" in site.client.get("/tasks/B-1").text
        assert "'=cmd()" in site.client.get("/panels/board/tasks?format=csv").text
    finally:
        site.desk.close()


def test_a_page_does_not_change_the_store(site: Site) -> None:
    site.project.ok("queue-ready")  # which learns that the project lies somewhere else now
    before = site.project.ok("queue-verify", "--json").json["events"]
    for page in PAGES.values():
        site.client.get(page.path + "?show=all")
    site.client.get("/tasks/B-1")
    assert site.project.ok("queue-verify", "--json").json["events"] == before


def test_what_took_long_is_put_off_the_next_time_and_what_took_very_long_waits_for_somebody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Ready 1" in site.text("/board")
    monkeypatch.setattr("fairway_scripts.dashboard.answers.SLOW", -1)
    html = site.client.get("/board").text
    assert 'Ready <span class="count">deferred' in html
    assert 'hx-get="/panels/board/ready" hx-swap="outerHTML" hx-trigger="load, news" data-live' in html
    assert "Ready 1" in site.text("/board?show=ready")
    monkeypatch.setattr("fairway_scripts.dashboard.answers.VERY_SLOW", -1)
    html = site.client.get("/board").text
    assert 'hx-get="/panels/board/ready" hx-swap="outerHTML" hx-trigger="news">' in html


def test_an_answer_is_kept_until_something_is_written(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.project.ok("queue-ready")  # which learns that the project lies somewhere else now
    site.text("/")
    asked = []
    real = site.desk.timed

    async def counted(work: object, *, heavy: bool) -> object:
        asked.append(heavy)
        return await real(work, heavy=heavy)  # type: ignore[arg-type]

    monkeypatch.setattr(site.desk, "timed", counted)
    site.text("/panels/board/ready")
    site.text("/panels/board/ready?sort=ready.-id")
    assert asked == [False]
    site.text("/panels/board/ready?lane=C-ops")
    site.project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    assert "Ready 0" in site.text("/panels/board/ready")
    assert asked == [False, False, False]


def test_of_a_long_answer_the_first_rows_are_kept_and_an_export_has_all(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fairway_scripts.dashboard.answers.KEPT", 1)
    site.project.ok("queue-ready")  # which learns that the project lies somewhere else now
    site.text("/")
    first = site.text("/panels/board/tasks")
    again = site.text("/panels/board/tasks")
    assert ("B-2" in first, "C-1" in first, "All tasks 4" in first) == (True, True, True)
    assert ("B-2" in again, "C-1" in again, "All tasks 4" in again) == (True, False, True)
    rows = json.loads(site.client.get("/panels/board/tasks?format=json").text)["rows"]
    assert [row["id"] for row in rows] == ["B-2", "B-1", "B-3", "C-1"]
    turned = site.text("/panels/board/tasks?sort=tasks.-id")
    assert turned.index("C-1") < turned.index("B-3")


def test_what_an_import_leaves_behind_is_given_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(site.desk, "tidy", lambda: told.append("tidy"))
    monkeypatch.setattr("fairway_scripts.dashboard.desk._LONG", 1e9)
    site.text("/board")
    assert told == []
    monkeypatch.setattr("fairway_scripts.dashboard.desk._LONG", -1)  # as if it had taken long to open the project
    site.text("/board?lane=B-ui")
    assert told


def test_a_panel_that_is_still_being_computed_says_so_and_comes_by_itself(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def not_yet(*_: object, **__: object) -> None:
        return None

    app = site.client.app.app  # behind the door
    pages = next(route.endpoint.__self__ for route in app.routes if route.path == "/board")
    monkeypatch.setattr(pages.answers, "panel", not_yet)
    part = site.client.get("/panels/now/tick", headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "Still being computed" in part.text
    assert 'hx-trigger="load delay:3s"' in part.text
    assert site.client.get("/panels/now/tick").status_code == 503


# --- reports, projects, export -------------------------------------------------------------------------------------


def test_reports_have_a_table_behind_each_picture(site: Site) -> None:
    said = site.text("/reports?show=all")
    for part in ("Flow", "Times", "Evidence that passed, by lane", "100%", "What sessions spent not recorded"):
        assert part in said, part
    html = site.client.get("/reports?show=all").text
    assert html.count("<svg") == html.count('role="img"') > 0


def test_the_flow_counts_every_task_once_a_day() -> None:
    rows = [{"day": "1", "todo": 2, "done": 0}, {"day": "2", "todo": 1, "done": 1}]
    chart = stacked(rows, ["todo", "done"], "day")
    assert chart is not None
    assert [area.label for area in chart.areas] == ["done 1", "todo 1"]
    assert stacked(rows[:1], ["todo", "done"], "day") is None


def test_a_bar_is_as_long_as_its_part_of_the_longest_or_of_the_whole() -> None:
    rows = [{"lane": "a", "n": 0.5, "t": "half"}, {"lane": "b", "n": 1, "t": "one"}, {"lane": "c", "n": None, "t": ""}]
    chart, whole = bars(rows, "lane", "n", "t"), bars(rows[:1], "lane", "n", "t", whole=1)
    assert chart is not None
    assert whole is not None
    assert [(bar.label, bar.length / chart.bars[1].length) for bar in chart.bars] == [("a", 0.5), ("b", 1)]
    assert whole.bars[0].length == chart.bars[0].length
    for nothing in (rows[:1], rows[2:], []):  # a bar alone is compared with nothing
        assert bars(nothing, "lane", "n", "t") is None
    assert bars([], "lane", "n", "t", whole=1) is None


def test_what_sessions_spent_is_what_the_usage_report_says_and_what_is_not_known_is_said(site: Site) -> None:
    assert "What sessions spent not recorded Nothing was recorded" in site.text("/reports?show=all")
    spent = ("--tokens-in", "1200", "--tokens-out", "80", "--cost", "0.42")
    site.project.ok("usage-record", "B-2", *spent, "--actor", "bea")
    said = site.text("/reports?show=all")
    assert "What sessions spent 1 record Of 1 claimed task nothing was recorded: what it cost is not known." in said
    assert "B-ui 1 1,200 80 \N{EN DASH} 0.42 USD" in said


def test_of_each_lane_some_tasks_are_shown_and_an_export_has_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairway_scripts.dashboard.lane_panels.ON_PAGE", 1)
    site.project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", "--actor", "ben")
    said = site.text("/lanes")
    assert "Who owns what 2 in progress" in said
    assert "at most 1 of its tasks" in said
    assert (said.count("Draw the"), "C-ops \N{EN DASH} idle" in said) == (1, True)
    assert site.client.get("/panels/lanes/owners?format=csv").text.count("Draw the") == 2
    assert site.text("/lanes?lane=B-ui").count("Draw the") == 2


def test_every_lane_is_there_where_the_page_says_so(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def said_on(most: int, address: str) -> tuple[int, bool, bool, str]:
        monkeypatch.setattr("fairway_scripts.dashboard.lane_panels.ON_PAGE", most)
        monkeypatch.setattr("fairway_scripts.dashboard.app.ON_PAGE", most)
        said = site.text(address)
        shown, last = re.search(r"\d+ of \d+ shown", said), "E-governance \N{EN DASH} idle" in said
        return said.count("Draw the"), last, "Every lane is there" in said, shown[0] if shown else ""

    site.project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", "--actor", "ben")
    assert site.client.get("/panels/lanes/owners?format=csv").text.count("Draw the") == 2
    assert said_on(5, "/lanes") == (1, True, True, "")
    assert said_on(5, "/lanes?sort=owners.lane") == (2, False, False, "5 of 6 shown")
    assert said_on(5, "/lanes?lane=B-ui") == (2, False, False, "")
    assert said_on(4, "/lanes?status=todo") == (1, False, False, "4 of 5 shown")  # kept answers are of other questions


@pytest.mark.parametrize(("address", "times"), [("", 1), ("?lane=B-ui", 0)])
def test_for_the_names_of_lanes_the_tasks_are_counted_once(
    site: Site, monkeypatch: pytest.MonkeyPatch, address: str, times: int
) -> None:
    counted = []
    real = lane_panels.status_report
    monkeypatch.setattr(lane_panels, "status_report", lambda project: counted.append(project) or real(project))
    assert "Draw the list" in site.text(f"/panels/lanes/owners{address}")
    assert len(counted) == times


@on_file
def test_a_broken_project_is_a_row_and_not_a_failure(
    site: Site, open_site: Callable[..., Site], tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = make_checkout(tmp_path / "other", queue_text(task("X-1", "C-ops")), name="other")
    other.ok("queue-ready")
    (tmp_path / "broken").mkdir()
    broken = make_checkout(tmp_path / "broken", queue_text(task("Y-1")), name="broken")
    broken.ok("queue-ready")
    with open(broken.store, "wb") as file:
        file.write(b"no database")
    there = open_site(others=[other.main, broken.main, f"{tmp_path}/gone"])
    said = there.text("/projects")
    assert "gpuaas readable 4 1 1 1" in said
    assert "gpuaas readable 1 1 0 0" in said
    assert "broken store damaged" in said
    assert "gone file unavailable" in said
    assert "B-2" in there.text("/board")


def test_the_pages_are_exported_as_files_without_a_script(project: Checkout, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    answer = project.ok("fairway-dashboard", "export", str(folder), "--json").json
    assert (answer["pages"], answer["tasks"], answer["left_out"]) == (len(PAGES), 4, 0)
    for path in sorted(folder.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        assert "<script" not in html, path
        assert "<form" not in html, path
        assert "hx-" not in html, path
        assert "deferred" not in html.replace("parity", ""), path
        for target in re.findall(r'(?:href|src)="([^"#]+)"', html):
            assert (path.parent / unquote(target)).exists(), (path, target)
    assert not list(folder.rglob("*.js"))
    assert project.ok("fairway-dashboard", "export", str(folder)).out.startswith("wrote")


def test_an_export_replaces_nothing_but_an_export(project: Checkout, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    answer = project.run("fairway-dashboard", "export", str(tmp_path / "mine"))
    assert (answer.code, answer.word) == (4, "already_exists")
    assert sorted(os.listdir(tmp_path / "mine")) == ["thesis.txt"]
    taken = project.run("fairway-dashboard", "export", str(tmp_path / "mine" / "thesis.txt"))
    assert (taken.code, taken.word) == (2, "file_unavailable")
    for words in (["export"], ["import", "x"], ["export", "a", "b"]):
        assert project.run("fairway-dashboard", *words).word == "usage"


def test_a_page_asks_as_much_of_a_long_queue_as_of_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted where the test runs, so that nothing counts that another thread still has to do."""
    from fairway_scripts.store.contract import Transaction

    asked: list[str] = []
    here, text_of = threading.current_thread(), Transaction.text_of

    def counted(name: str) -> str:
        if threading.current_thread() is here:
            asked.append(name)
        return text_of(name)

    def every_panel(project: Any) -> None:
        for maker in (maker for page in PAGES.values() for maker in page.panels.values()):
            if not maker.everywhere and maker.load != ASKED:
                (maker.first or maker.make)(project, Query())

    monkeypatch.setattr(Transaction, "text_of", staticmethod(counted))
    counts = []
    for size in (3, 40):
        (tmp_path / str(size)).mkdir()
        tasks = [task(f"B-{number}", **({"depends_on": ["B-0"]} if number % 3 else {})) for number in range(size)]
        made = make_checkout(tmp_path / str(size), queue_text(*tasks), lanes=["B-ui"])
        os.utime(made.queue_file, (1, 1))  # one that was written a moment ago would be read again
        made.ok("queue-ready")
        there = Site(made)
        asked.clear()
        there.desk.ask_here(every_panel)
        counts.append(Counter(asked))
        there.desk.close()
    assert counts[0]
    assert counts[0] == counts[1], (counts[0] - counts[1], counts[1] - counts[0])
