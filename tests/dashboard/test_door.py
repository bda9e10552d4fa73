"""Who may come in: the Host header first, then the cookie, then the form."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable

import pytest

from tests.dashboard.conftest import HTML, ORIGIN, Site

PATHS = ("/", "/board", "/tasks/B-1", "/enter", "/static/x/app.css", "/nothing", "/panels/board/ready")
#: Names that a page of somebody else could have for our address, and near misses of our own.
FOREIGN = (
    *("evil.example", "evil.example:7878", "127.0.0.1", "localhost", "127.0.0.1:80", "127.0.0.1:78780", ""),
    *("127.0.0.1:7878.evil.example", "localhost.:7878", "0.0.0.0:7878", "127.0.0.1:7878@evil.example", "[::1]"),
)


@pytest.mark.parametrize("host", FOREIGN)
def test_another_host_is_refused_on_every_route_before_anything_is_looked_up(site: Site, host: str) -> None:
    for path in PATHS:
        answer = site.client.get(path, headers={"host": host})
        assert answer.status_code == 421, path
        assert answer.text == "This server is not called that.\n"
    form = {"token": site.keys.token}
    assert site.stranger.post("/enter", data=form, headers={"host": host, "origin": ORIGIN}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:7878", "localhost:7878", "LOCALHOST:7878", "[::1]:7878"])
def test_every_name_of_this_machine_is_answered(site: Site, host: str) -> None:
    assert site.stranger.get("/enter", headers={"host": host}).status_code == 200


def test_without_the_cookie_nothing_is_shown_but_the_way_in(site: Site) -> None:
    assert site.stranger.get("/").headers["location"] == "/enter"
    for path in ("/board", "/tasks/B-1", "/nothing", "/panels/board/ready", "/find?q=B-1"):
        answer = site.stranger.get(path)
        assert answer.status_code == 403, path
        assert "B-1" not in answer.text
    assert site.stranger.get("/enter").status_code == 200
    assert "gpuaas" not in site.stranger.get("/enter").text


def test_the_token_is_exchanged_for_a_cookie_that_scripts_and_other_sites_cannot_use(site: Site) -> None:
    answer = site.stranger.post("/enter", data={"token": site.keys.token}, headers={"origin": ORIGIN})
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 303
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert site.keys.token not in cookie


@pytest.mark.parametrize("token", ["", "x", "é", " "])
def test_another_token_lets_nobody_in(site: Site, token: str) -> None:
    answer = site.stranger.post("/enter", data={"token": token}, headers={"origin": ORIGIN})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("cookie", ["", "x.y", "eHg6.00", "."])
def test_a_cookie_that_is_not_ours_is_none(site: Site, cookie: str) -> None:
    assert site.stranger.get("/board", headers={"cookie": f"{site.keys.cookie}={cookie}"}).status_code == 403


def test_a_cookie_is_signed_with_its_name(site: Site) -> None:
    told, _, signature = site.keys.cookie_for("Ada").partition(".")
    assert site.keys.name_in(f"{told}.{signature}") == "Ada"
    assert site.keys.name_in(f"{told[:-4]}AAAA.{signature}") is None


def test_open_pages_outlive_a_restart_and_the_key_is_private(site: Site, open_site: Callable[..., Site]) -> None:
    again = open_site()
    assert again.keys.token != site.keys.token
    cookie = site.client.cookies[site.keys.cookie]
    assert again.stranger.get("/board", headers={"cookie": f"{site.keys.cookie}={cookie}"}).status_code == 200
    path = os.path.join(os.path.dirname(site.project.store), "dashboard.key")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_key_that_others_can_read_is_not_used(site: Site, open_site: Callable[..., Site]) -> None:
    os.chmod(os.path.join(os.path.dirname(site.project.store), "dashboard.key"), 0o644)
    again = open_site()
    cookie = site.client.cookies[site.keys.cookie]
    assert again.stranger.get("/board", headers={"cookie": f"{site.keys.cookie}={cookie}"}).status_code == 403


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers_that_keep_pages_apart(site: Site, path: str) -> None:
    for client in (site.client, site.stranger):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_nothing_in_a_page_needs_more_than_the_policy_allows(site: Site) -> None:
    for path in ("/", "/board?show=all", "/tasks/B-1", "/enter"):
        html = site.client.get(path).text
        assert " style=" not in html, path
        assert " onclick=" not in html, path
        assert "<style" not in html, path
        assert "hx-on" not in html, path
        assert html.count("<script") == html.count("<script src=")


def test_files_are_kept_for_ever_under_the_mark_of_their_contents(site: Site) -> None:
    html = site.client.get("/").text
    mark = html.partition("/static/")[2].partition("/")[0]
    assert "immutable" in site.client.get(f"/static/{mark}/app.css").headers["cache-control"]
    assert site.client.get(f"/static/{mark}/../door.py").status_code == 404
    assert site.client.get(f"/static/{mark}/htmx.LICENSE").status_code == 404


# --- forms -------------------------------------------------------------------------------------------------------


def form_of(site: Site) -> dict[str, str]:
    cookie = site.client.cookies[site.keys.cookie]
    return {"form_token": site.keys.form_token(cookie), "actor": "Ada"}


#: headers -> whether a form that is sent with them comes from a page of ours
SENDERS = [
    ({"origin": ORIGIN}, True),
    ({"sec-fetch-site": "same-origin"}, True),
    ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
    ({}, False),
    ({"origin": "null"}, False),
    ({"origin": "http://127.0.0.1:7879"}, False),
    ({"origin": "https://127.0.0.1:7878"}, False),
    ({"origin": "http://evil.example"}, False),
    ({"origin": "http://evil.example", "sec-fetch-site": "same-origin"}, False),
    ({"origin": "null", "sec-fetch-site": "cross-site"}, False),
    ({"sec-fetch-site": "same-site"}, False),
    ({"sec-fetch-site": "none"}, False),
    ({"referer": ORIGIN + "/tasks/B-2"}, False),
]


@pytest.mark.parametrize(("headers", "ours"), SENDERS)
def test_a_form_has_to_come_from_a_page_of_ours(site: Site, headers: dict[str, str], ours: bool) -> None:
    answer = site.client.post("/tasks/B-2/do/claim", data=form_of(site), headers=headers)
    assert answer.status_code == (303 if ours else 403)
    assert site.project.detail("B-2")["status"] == ("in_progress" if ours else "todo")


@pytest.mark.parametrize("token", ["", "0" * 64, "é", None])
def test_a_form_has_to_be_made_for_its_sender(site: Site, token: str | None) -> None:
    form = {**form_of(site), "form_token": token} if token is not None else {"actor": "Ada"}
    assert site.client.post("/tasks/B-2/do/claim", data=form, headers={"origin": ORIGIN}).status_code == 403
    assert site.project.detail("B-2")["status"] == "todo"


def test_the_form_of_one_browser_is_of_no_use_in_another(site: Site) -> None:
    theirs = form_of(site)
    site.stranger.post("/enter", data={"token": site.keys.token}, headers={"origin": ORIGIN})
    assert site.stranger.post("/tasks/B-2/do/claim", data=theirs, headers={"origin": ORIGIN}).status_code == 403


def test_by_case_405_403_404_400_and_303(site: Site) -> None:
    sent = {"origin": ORIGIN}
    wrong = site.client.get("/tasks/B-2/do/claim")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert site.client.put("/tasks/B-2/do/claim", headers=sent).status_code == 405
    assert site.client.post("/tasks/B-2/do/claim", data={}, headers=sent).status_code == 403
    assert site.client.post("/tasks/B-99/do/claim", data=form_of(site), headers=sent).status_code == 404
    assert site.client.post("/tasks/B-3/do/claim", data=form_of(site), headers=sent).status_code == 400
    done = site.client.post("/tasks/B-2/do/claim", data=form_of(site), headers=sent)
    assert (done.status_code, done.headers["location"]) == (303, "/tasks/B-2?done=claim")


def test_a_large_body_is_refused_whether_its_size_is_told_or_not(site: Site) -> None:
    big = b"a" * (65 << 10)
    sent = {"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}
    assert site.client.post("/enter", content=big, headers=sent).status_code == 413
    assert site.client.post("/enter", content=iter([big[:40000], big[40000:]]), headers=sent).status_code == 413


def test_a_dashboard_that_only_shows_changes_nothing_and_offers_nothing(open_site: Callable[..., Site]) -> None:
    site = open_site(read_only=True)
    assert "form_token" not in site.client.get("/tasks/B-2").text
    answer = site.client.post("/tasks/B-2/do/claim", data=form_of(site), headers={"origin": ORIGIN, **HTML})
    assert answer.status_code == 403
    assert site.project.detail("B-2")["status"] == "todo"
