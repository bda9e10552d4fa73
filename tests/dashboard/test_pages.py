"""The wall, the board and the page of a task say what the tools say."""

from __future__ import annotations

import json
import os

import pytest

from fairway_scripts.dashboard.site import PAGES
from tests.dashboard.conftest import Site
from tests.support.shell import make_checkout, queue_text, task


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
