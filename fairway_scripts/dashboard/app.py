"""The application: routes, pages as HTML, and refusals as pages."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import clean_name
from fairway_scripts.board.oversight import one_event
from fairway_scripts.dashboard import looks
from fairway_scripts.dashboard.answers import Answers
from fairway_scripts.dashboard.deeds import DEEDS, call_of, deeds_for
from fairway_scripts.dashboard.door import Door
from fairway_scripts.dashboard.live import Feed
from fairway_scripts.dashboard.panels import ON_PAGE, Query, as_csv, as_json, query_of
from fairway_scripts.dashboard.site import EVERY, PAGES, about
from fairway_scripts.project.changes import find_state
from fairway_scripts.reviews.task_detail import task_detail
from fairway_scripts.runs.artifact_reading import read_artifact
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from starlette.requests import Request

    from fairway_scripts.dashboard.dashboard_shapes import About
    from fairway_scripts.dashboard.desk import Desk
    from fairway_scripts.dashboard.door import Keys
    from fairway_scripts.dashboard.panels import Panel
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.detail_shapes import Detail

#: error word -> status of the answer; any other refusal is 400.
_STATUS = {"not_found": 404, "deadline_passed": 503, "internal": 500}
#: Rows of a panel on its own page, at most.
MOST_ROWS = 500
_AWAY = ("store_", "invalid_config", "invalid_queue", "git_unavailable", "file_unavailable")


class Pages:
    """What answers the routes."""

    def __init__(self, desk: Desk, keys: Keys) -> None:
        self.desk = desk
        self.keys = keys
        #: the name that forms begin with, until somebody gives another
        self.named = desk.args.actor or os.environ.get("ACTOR", "")
        self.answers = Answers(desk)
        self.feed = Feed(desk)
        self.files = looks.static_files()
        self.mark = looks.mark_of(self.files)
        self.looks = looks.templates(
            pages=PAGES,
            deeds=DEEDS,
            is_export=False,
            static=f"/static/{self.mark}/",
            link=looks.address,
            load=self.answers.load,
        )

    # --- pages of panels ---------------------------------------------------------------------------------------

    async def page(self, request: Request) -> Response:
        """A page of panels: those that are light, and of the heavy ones those that `show` names."""
        name = next(name for name, page in PAGES.items() if page.path == request.url.path)
        page, query = PAGES[name], query_of(request.query_params)
        panels = {}
        for key in page.panels:
            wanted = not self.answers.load(name, key) or {key, "all"} & set(query.show)
            panels[key] = await self.answers.panel(name, key, query) if wanted else None
        told = await self.desk.ask(about)
        return self._html("page.html", request, here=name, page=page, query=query, panels=panels, **told)

    async def panel(self, request: Request) -> Response:
        """One panel: as a part of its page for a script, else as a page; as CSV or JSON where `format` says so.

        Raises FairwayError `deadline_passed` where it is not computed yet and no script asks again; HTTPException.
        """
        here, key = request.path_params["page"], request.path_params["panel"]
        page = EVERY.get(here)
        if page is None or key not in page.panels:
            raise HTTPException(404)
        query = query_of(request.query_params)
        form = request.query_params.get("format", "")
        panel = await self.answers.panel(here, key, query, whole=form in ("csv", "json"))
        names = {"here": here, "page": page, "query": query}
        if "hx-request" in request.headers:
            return self._html("part.html", request, key=key, panel=panel, again=panel is None, **names)
        if panel is None:
            raise FairwayError("deadline_passed", "this is still being computed: ask again in a moment")
        if form in ("csv", "json"):
            return _exported(panel, form)
        told = await self.desk.ask(about)
        return self._html("page.html", request, panels={key: panel}, most=MOST_ROWS, **names, **told)

    # --- one task ----------------------------------------------------------------------------------------------

    async def task(self, request: Request) -> Response:
        """The page of a task; `everything=1` shows withdrawn records too."""
        task_id, everything = request.path_params["task_id"], request.query_params.get("everything") == "1"

        def work(project: Project) -> tuple[Detail, list[str], About]:
            detail = task_detail(project, task_id, everything=everything)
            return detail, deeds_for(detail, claimed_status(project)), about(project)

        detail, offered, told = await self.desk.ask(work)
        done = request.query_params.get("done", "")
        return self._html(
            "task.html",
            request,
            done=DEEDS[done].label if done in DEEDS else "",
            page=EVERY["task"],
            query=Query(task_id=task_id),
            task=detail,
            offered=offered,
            **told,
        )

    async def find(self, request: Request) -> Response:
        """The task whose id is asked for, written in any case; else the ids that begin like it, as a refusal."""
        asked = request.query_params.get("q", "").strip()[:200]

        def work(project: Project) -> str:
            with project.store.read() as tx:
                known = tx.column("tasks.same_id_without_case", task_id=asked)
                return str(known[0] if known else find_state(tx, asked)["task_id"])

        return RedirectResponse(looks.task_address(await self.desk.ask(work)) if asked else "/board", 303)

    async def act(self, request: Request) -> Response:
        """Run one deed: 405 for another method, 404 for no such deed or task, 403 for no form of ours, 400 refused."""
        name, task_id = request.path_params["deed"], request.path_params["task_id"]
        if name not in DEEDS:
            raise HTTPException(404)
        if request.method != "POST":
            raise HTTPException(405, headers={"allow": "POST"})
        form = await form_of(request)
        if not self.keys.is_form_token(form.get("form_token", ""), request.state.cookie):
            raise HTTPException(403, "This form was not made for you: open the page of the task again.")
        if self.desk.read_only:
            raise HTTPException(403, "This dashboard only shows: it was started so, or not on this machine alone.")
        actor = form.get("actor", "")
        args = call_of(name, task_id, form, actor, self.desk.args)
        await self.desk.change(args, lambda project: DEEDS[name].verb(project, args))
        done = RedirectResponse(f"{looks.task_address(task_id)}?done={name}", 303)
        if actor != request.state.name:
            self._let_in(done, actor)
        return done

    # --- events ------------------------------------------------------------------------------------------------

    async def event(self, request: Request) -> Response:
        """One event with its hashes, what it wrote, and the events beside it."""
        number = request.path_params["event_id"]
        event, told = await self.desk.ask(lambda project: (one_event(project, number), about(project)))
        payload = json.dumps(event["payload"], indent=2, ensure_ascii=False, sort_keys=True)
        return self._html("event.html", request, payload=payload, event=event, **told)

    async def artifact(self, request: Request) -> Response:
        """The file of an evidence record, as plain text to be kept."""
        number = request.path_params["evidence_id"]
        found = await self.desk.ask(lambda project: read_artifact(project, number))
        name = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in found["name"])
        return PlainTextResponse(found["text"], headers={"content-disposition": f'attachment; filename="{name}.txt"'})

    # --- coming in ---------------------------------------------------------------------------------------------

    async def enter(self, request: Request) -> Response:
        """Exchange the token of the start for the cookie; the page reads it from the address or asks for it."""
        if request.method != "POST":
            return self._html("enter.html", request, refused="")
        form = await form_of(request)
        if not self.keys.is_token(form.get("token", "").strip()):
            return self._html("enter.html", request, status=403, refused="That is not the token of this start.")
        done = RedirectResponse("/", 303)
        self._let_in(done, clean_name(form.get("actor", "").strip(), "your name"))
        return done

    async def static(self, request: Request) -> Response:
        """A file that pages load."""
        content = self.files.get(request.path_params["name"])
        if content is None:
            raise HTTPException(404)
        kind = looks.TYPES[request.path_params["name"].rpartition(".")[2]]
        kept = "public, max-age=31536000, immutable" if request.path_params["mark"] == self.mark else "no-store"
        return Response(content, media_type=kind, headers={"cache-control": kept})

    def _let_in(self, response: Response, name: str) -> None:
        value = self.keys.cookie_for(name)
        response.set_cookie(self.keys.cookie, value, path="/", httponly=True, samesite="strict")

    # --- refusals ----------------------------------------------------------------------------------------------

    async def refused(self, request: Request, refusal: Exception) -> Response:
        """A refusal of a tool as a page, with its hint."""
        assert isinstance(refusal, FairwayError)  # what it is registered for
        status = _STATUS.get(refusal.word, 503 if refusal.word.startswith(_AWAY) else 400)
        return self._html(
            "refusal.html", request, status=status, word=refusal.word, message=refusal.message, hint=refusal.hint
        )

    async def missed(self, request: Request, problem: Exception) -> Response:
        """A short answer to what there is not, or may not be."""
        assert isinstance(problem, HTTPException)
        texts = {404: "There is no such page.", 405: "This address takes a form, by POST."}
        text = texts.get(problem.status_code, problem.detail)
        headers = dict(problem.headers or {})
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse(f"{text}\n", problem.status_code, headers)
        answer = self._html("refusal.html", request, status=problem.status_code, word="", message=text, hint="")
        answer.headers.update(headers)
        return answer

    def _html(self, template: str, request: Request, *, status: int = 200, **values: object) -> HTMLResponse:
        cookie = getattr(request.state, "cookie", "")
        given = {
            "here": "",
            "again": False,
            "most": ON_PAGE,
            "project": "",
            "lanes": [],
            "cursor": 0,
            **values,
        }
        text = self.looks.get_template(template).render(
            now=clock.now(),
            name=getattr(request.state, "name", "") or (self.named if cookie else ""),
            form_token=self.keys.form_token(cookie),
            read_only=self.desk.read_only,
            entered=getattr(request.state, "entered", False),
            **given,
        )
        return HTMLResponse(text, status)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, as the pages send them; of a field that is sent twice the last."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def _exported(panel: Panel, form: str) -> Response:
    text = as_csv(panel) if form == "csv" else as_json(panel)
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    return Response(
        text, media_type=kind, headers={"content-disposition": f'attachment; filename="{panel.name}.{form}"'}
    )


def application(pages: Pages, hosts: frozenset[str]) -> Door:
    """The application behind its door; `hosts` are the Host headers, with port, that it answers to."""
    routes = [
        *(Route(page.path, pages.page) for page in PAGES.values()),
        Route("/panels/{page}/{panel}", pages.panel),
        Route("/tasks/{task_id:path}/do/{deed}", pages.act, methods=["GET", "POST"]),
        Route("/tasks/{task_id:path}", pages.task),
        Route("/events/{event_id:int}", pages.event),
        Route("/artifacts/{evidence_id:int}", pages.artifact),
        Route("/live", pages.feed.answer),
        Route("/find", pages.find),
        Route("/enter", pages.enter, methods=["GET", "POST"]),
        Route("/static/{mark}/{name}", pages.static),
    ]
    inner = Starlette(routes=routes, exception_handlers={FairwayError: pages.refused, HTTPException: pages.missed})
    return Door(inner, pages.keys, hosts)
