"""Trackers on loopback: what GitHub, GitLab, Jira and Linear answer, in the shapes of their APIs, over one small model.

A site keeps issues and comments, remembers every request, and can be told to answer the next ones otherwise. Its pages
hold `page_size` rows, so that paging is seen with a handful of issues.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from fairway_scripts.base.words.trackers import token_variable

Rows = list[dict[str, Any]]
Made = tuple[int, dict[str, str], Any]

TOKEN = "tok-3f9a1c77e2d04b58"
USER = "me@example.org"


@dataclass
class Entry:
    """An issue of a site."""

    number: int
    title: str
    body: str = ""
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    locked: bool = False
    private: bool = False
    is_change: bool = False
    project: str = ""  # where it is now, once it was moved
    moved_number: int = 0
    status: int = 200  # of an answer about it: 404, 410
    version: int = 1
    comments: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Request:
    """A request that a site has got."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: Any

    @property
    def writes(self) -> bool:
        """Whether it changes something, as opposed to asking by POST."""
        text = str(self.body.get("query", "")) if isinstance(self.body, dict) else ""
        asks = self.path.endswith(("/search/jql", "/issue/bulkfetch")) or text.startswith("query")
        return self.method != "GET" and not asks


class Site(ThreadingHTTPServer):
    """A tracker; `kind` and `project` as the configuration names them."""

    kind = ""
    project = "acme/widgets"
    me = "fairway-bot"
    daemon_threads = True

    def __init__(self) -> None:
        self.entries: dict[int, Entry] = {}
        self.requests: list[Request] = []
        self.page_size = 100
        #: what the next requests get instead: a function of a request, or None to answer as usual
        self.next: list[Callable[[Request], Made | None]] = []
        #: called with each request once it was carried out, before it is answered
        self.carried_out: Callable[[Request], None] = lambda _request: None
        self.silence = threading.Event()
        self._comment = 4_000
        super().__init__(("127.0.0.1", 0), Handler)

    def add(self, number: int, title: str, **fields: Any) -> Entry:
        """Open an issue."""
        self.entries[number] = Entry(number, title, **fields)
        return self.entries[number]

    def change(self, number: int, **fields: Any) -> None:
        """Change an issue, as people do."""
        entry = self.entries[number]
        for name, value in fields.items():
            setattr(entry, name, value)
        entry.version += 1

    @property
    def url(self) -> str:
        """The address for the configuration."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """The variable with the token."""
        return {token_variable(f"127.0.0.1:{self.server_address[1]}"): TOKEN}

    def config(self, *, name: str = "t", more: str = "") -> str:
        """The table of this site in a configuration file."""
        user = f'user = "{USER}"\n' if self.kind == "jira" else ""
        return (
            f'\n[[trackers]]\nname = "{name}"\nkind = "{self.kind}"\nurl = "{self.url}"\n'
            f'project = "{self.project}"\n{user}{more}'
        )

    def key(self, number: int) -> str:
        """The key of an issue as people write it."""
        entry = self.entries[number]
        return f"{entry.project or self.project}#{entry.moved_number or number}"

    def writes(self) -> list[Request]:
        """The requests that changed something."""
        return [request for request in self.requests if request.writes]

    def comment(self, entry: Entry, body: str, author: str = "") -> dict[str, str]:
        """Put a comment under an issue."""
        self._comment += 1
        made = {"id": str(self._comment), "body": body, "author": author or self.me}
        entry.comments.append(made)
        entry.version += 1
        return made

    def answer(self, request: Request) -> Made:
        """Carry a request out."""
        if TOKEN not in authorization(request):
            return 401, {}, {"message": "Bad credentials"}
        while self.next:
            made = self.next.pop(0)(request)
            if made is not None:
                return made
            break
        made = self.handle(request)
        self.carried_out(request)
        return made

    def handle(self, request: Request) -> Made:
        """What the API does."""
        raise NotImplementedError

    def at(self, entry: Entry) -> str:
        """When an issue was changed last."""
        return f"2026-11-{entry.version:02d}T10:00:00Z"

    def page(self, request: Request, rows: Rows, number: str = "page") -> tuple[Rows, int]:
        """One page of rows, and the number of the next one, 0 for none."""
        at = int(request.query.get(number, ["1"])[0])
        begin = (at - 1) * self.page_size
        return rows[begin : begin + self.page_size], at + 1 if begin + self.page_size < len(rows) else 0


def authorization(request: Request) -> str:
    """What a request was authorised with; a password of basic authentication in the clear."""
    kind, _blank, value = request.headers.get("Authorization", "").rpartition(" ")
    return base64.b64decode(value).decode() if kind == "Basic" else value


class Handler(BaseHTTPRequestHandler):
    """Takes requests down, and hands them to the site."""

    server: Site
    protocol_version = "HTTP/1.1"

    def _any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        body = json.loads(raw) if raw else None
        request = Request(self.command, parts.path, parse_qs(parts.query), dict(self.headers), body)
        self.server.requests.append(request)
        status, headers, data = self.server.answer(request)
        if status == 0:  # say nothing, until the test has seen enough or the client has gone
            self.server.silence.wait(20)
            self.close_connection = True
            return
        text = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = _any  # noqa: N815 - the names that the class looks for

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class GitHubSite(Site):
    """The REST API of GitHub."""

    kind = "github"

    def handle(self, request: Request) -> Made:
        path = request.path
        if path == "/user":
            return 200, {}, {"login": self.me, "id": 99, "type": "Bot"}
        if path == f"/repos/{self.project}/issues":
            return self._list(request)
        if found := re.fullmatch(r"/repos/([^/]+/[^/]+)/issues/comments/(\d+)", path):
            return self._edit(found[2], request)
        found = re.fullmatch(r"(?:/repos/([^/]+/[^/]+)|/repositories/77)/issues/(\d+)(/comments)?", path)
        entry = self._entry(found[1] or "", int(found[2])) if found else None
        if found is None or entry is None:
            return (
                404,
                {},
                {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"},
            )
        if entry.status != 200:
            return entry.status, {}, {"message": {404: "Not Found", 410: "This issue was deleted"}[entry.status]}
        if entry.project and found[1] == self.project:
            place = f"{self.url}/repositories/77/issues/{entry.moved_number}{found[3] or ''}"
            return 301, {"Location": place}, {"message": "Moved Permanently", "url": place}
        if found[3]:
            return self._comments(entry, request)
        etag = f'W/"{hashlib.sha256(repr(entry).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return 304, {"ETag": etag}, None
        return 200, {"ETag": etag, "X-RateLimit-Remaining": "4990"}, self._row(entry)

    def _entry(self, project: str, number: int) -> Entry | None:
        if project == self.project:
            return self.entries.get(number)
        return next((entry for entry in self.entries.values() if entry.project and entry.moved_number == number), None)

    def _list(self, request: Request) -> Made:
        label = request.query["labels"][0]
        rows = [self._row(each) for each in self.entries.values() if label in each.labels and each.state == "open"]
        found, following = self.page(request, rows)
        place = f"{self.url}{request.path}?labels={label}&state=open&per_page=100&page={following}"
        return 200, {"Link": f'<{place}>; rel="next", <{self.url}/x>; rel="last"'} if following else {}, found

    def _comments(self, entry: Entry, request: Request) -> Made:
        if request.method == "POST":
            if entry.locked:
                return 403, {}, {"message": "Unable to create comment because issue is locked."}
            return 201, {}, self._note(self.comment(entry, request.body["body"]))
        found, following = self.page(request, [self._note(comment) for comment in entry.comments])
        place = f"{self.url}{request.path}?per_page=100&page={following}"
        return 200, {"Link": f'<{place}>; rel="next"'} if following else {}, found

    def _edit(self, comment_id: str, request: Request) -> Made:
        for entry in self.entries.values():
            for comment in entry.comments:
                if comment["id"] == comment_id:
                    comment["body"] = request.body["body"]
                    entry.version += 1
                    return 200, {}, self._note(comment)
        return 404, {}, {"message": "Not Found"}

    def _note(self, comment: dict[str, str]) -> dict[str, Any]:
        return {
            "id": int(comment["id"]),
            "node_id": "IC_kw",
            "user": {"login": comment["author"], "id": 99, "type": "Bot"},
            "body": comment["body"],
            "author_association": "MEMBER",
        }

    def _row(self, entry: Entry) -> dict[str, Any]:
        project, number = entry.project or self.project, entry.moved_number or entry.number
        row = {
            "url": f"{self.url}/repos/{project}/issues/{number}",
            "repository_url": f"{self.url}/repos/{project}",
            "html_url": f"https://github.com/{project}/issues/{number}",
            "id": 1_900_000_000 + entry.number,
            "node_id": "I_kwDO",
            "number": number,
            "title": entry.title,
            "user": {"login": "octocat", "id": 1, "type": "User"},
            "labels": [{"id": 2, "name": label, "color": "d73a4a", "default": True} for label in entry.labels],
            "state": entry.state,
            "state_reason": None,
            "locked": entry.locked,
            "active_lock_reason": "resolved" if entry.locked else None,
            "assignees": [],
            "milestone": None,
            "comments": len(entry.comments),
            "created_at": "2026-10-01T09:00:00Z",
            "updated_at": self.at(entry),
            "closed_at": None,
            "author_association": "CONTRIBUTOR",
            "body": entry.body or None,
        }
        return row | ({"pull_request": {"url": "https://api.github.com/pulls/1"}} if entry.is_change else {})


class GitLabSite(Site):
    """The REST API of GitLab, version 4."""

    kind = "gitlab"
    project = "acme/tools/widgets"

    def handle(self, request: Request) -> Made:
        path = unquote(request.path.removeprefix("/api/v4"))
        if path == "/user":
            return 200, {}, {"id": 99, "username": self.me, "state": "active"}
        if path == f"/projects/{self.project}/issues":
            return self._list(request)
        found = re.fullmatch(rf"/projects/{self.project}/issues/(\d+)/notes(?:/(\d+))?", path)
        entry = self.entries.get(int(found[1])) if found else None
        if found is None or entry is None or entry.status != 200:
            return 404, {}, {"message": "404 Not found"}
        if request.method == "POST":
            if entry.locked:
                return 403, {}, {"message": "403 Forbidden - discussion is locked"}
            return 201, {}, self._note(self.comment(entry, request.body["body"]))
        if found[2]:
            for comment in entry.comments:
                if comment["id"] == found[2]:
                    comment["body"] = request.body["body"]
                    return 200, {}, self._note(comment)
            return 404, {}, {"message": "404 Not found"}
        rows = [{"id": 1, "body": "added 1 commit", "system": True, "author": {"username": "root"}}]
        rows += [self._note(comment) for comment in entry.comments]
        return self._paged(request, rows)

    def _list(self, request: Request) -> Made:
        entries = [entry for entry in self.entries.values() if entry.status == 200]
        if "iids[]" in request.query:
            entries = [entry for entry in entries if str(entry.number) in request.query["iids[]"]]
        else:
            label = request.query["labels"][0]
            entries = [entry for entry in entries if label in entry.labels and entry.state == "open"]
        return self._paged(request, [self._row(entry) for entry in entries])

    def _paged(self, request: Request, rows: Rows) -> Made:
        found, following = self.page(request, rows)
        return 200, {"X-Next-Page": str(following or ""), "X-Per-Page": "100"}, found

    def _note(self, comment: dict[str, str]) -> dict[str, Any]:
        author = {"id": 99, "username": comment["author"], "state": "active"}
        note = {"id": int(comment["id"]), "type": None, "body": comment["body"], "author": author, "system": False}
        return {**note, "noteable_type": "Issue", "confidential": False, "internal": False}

    def _row(self, entry: Entry) -> dict[str, Any]:
        return {
            "id": 84_000_000 + entry.number,
            "iid": entry.number,
            "project_id": 77,
            "title": entry.title,
            "description": entry.body or None,
            "state": {"open": "opened", "closed": "closed"}.get(entry.state, entry.state),
            "created_at": "2026-10-01T09:00:00.000Z",
            "updated_at": self.at(entry),
            "closed_at": None,
            "labels": entry.labels,
            "milestone": None,
            "assignees": [],
            "author": {"id": 5, "username": "tanuki", "state": "active"},
            "type": "ISSUE",
            "user_notes_count": len(entry.comments),
            "confidential": entry.private,
            "discussion_locked": True if entry.locked else None,
            "issue_type": "issue",
            "web_url": f"{self.url}/{self.project}/-/issues/{entry.number}",
            "references": {
                "short": f"#{entry.number}",
                "relative": f"#{entry.number}",
                "full": f"{self.project}#{entry.number}",
            },
            "moved_to_id": entry.moved_number or None,
            "task_completion_status": {"count": 0, "completed_count": 0},
        }


def paragraphs(text: str) -> dict[str, Any]:
    """A document of Jira Cloud."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in text.split("\n") if line]
    return {"type": "doc", "version": 1, "content": content}


class JiraSite(Site):
    """The REST API of Jira Cloud, version 3."""

    kind = "jira"
    project = "PROJ"
    me = "5b10a2844c20165700ede21g"

    def key(self, number: int) -> str:
        entry = self.entries[number]
        return f"{entry.project or self.project}-{entry.moved_number or number}"

    def handle(self, request: Request) -> Made:
        path = re.sub(r"^/rest/api/[23]", "", request.path)
        if path == "/myself":
            return 200, {}, self._author(self.me)
        if path == "/issue/bulkfetch":
            wanted = [str(name) for name in request.body["issueIdsOrKeys"]]
            found = {name: self._entry(name) for name in wanted}
            missing = [name for name, entry in found.items() if entry is None]
            errors = [{"errorMessages": ["Issue does not exist"], "issueIdsOrKeys": missing}] if missing else []
            return 200, {}, {"issues": [self._row(entry) for entry in found.values() if entry], "issueErrors": errors}
        if path == "/search/jql":
            at = int(base64.b64decode(request.body.get("nextPageToken", "MA==")))
            rows = self._labelled(request.body["jql"])
            following = at + self.page_size
            more = following < len(rows)
            token = {"nextPageToken": base64.b64encode(str(following).encode()).decode()} if more else {}
            return 200, {}, {"issues": rows[at:following], "isLast": not more, **token}
        if path == "/search":
            rows, at = self._labelled(request.query["jql"][0]), int(request.query["startAt"][0])
            found_rows = rows[at : at + self.page_size]
            return 200, {}, {"startAt": at, "maxResults": self.page_size, "total": len(rows), "issues": found_rows}
        parts = re.fullmatch(r"/issue/([^/]+)(/comment)?(?:/(\d+))?", path)
        entry = self._entry(parts[1]) if parts else None
        if parts is None or entry is None:
            said = "Issue does not exist or you do not have permission to see it."
            return 404, {}, {"errorMessages": [said], "errors": {}}
        return self._comment_call(entry, parts[3] or "", request) if parts[2] else (200, {}, self._row(entry))

    def _comment_call(self, entry: Entry, comment_id: str, request: Request) -> Made:
        if request.method == "POST":
            return 201, {}, self._note(self.comment(entry, self._read(request.body["body"])))
        if comment_id:
            for comment in entry.comments:
                if comment["id"] == comment_id:
                    comment["body"] = self._read(request.body["body"])
                    return 200, {}, self._note(comment)
            said = f"Can not find a comment for the id: {comment_id}."
            return 404, {}, {"errorMessages": [said], "errors": {}}
        at = int(request.query["startAt"][0])
        rows = [self._note(comment) for comment in entry.comments]
        found = rows[at : at + self.page_size]
        return 200, {}, {"startAt": at, "maxResults": self.page_size, "total": len(rows), "comments": found}

    def _labelled(self, jql: str) -> Rows:
        (label,) = re.findall(r'labels = "([^"]*)"', jql)
        assert "statusCategory != Done" in jql
        return [self._row(each) for each in self.entries.values() if label in each.labels and each.state == "open"]

    def _entry(self, name: str) -> Entry | None:
        for entry in self.entries.values():
            if entry.status == 200 and name in (str(10_000 + entry.number), self.key(entry.number)):
                return entry
        return None

    def _read(self, body: Any) -> str:
        assert body["type"] == "doc"
        assert all(block["type"] == "paragraph" for block in body["content"])
        return "\n".join(block["content"][0]["text"] for block in body["content"])

    def _written(self, text: str) -> Any:
        return paragraphs(text) if text else None

    def _author(self, name: str) -> dict[str, Any]:
        return {"accountId": name, "displayName": "Fairway", "active": True, "accountType": "app"}

    def _note(self, comment: dict[str, str]) -> dict[str, Any]:
        author = self._author(comment["author"])
        return {"id": comment["id"], "author": author, "body": self._written(comment["body"]), "jsdPublic": True}

    def _row(self, entry: Entry) -> dict[str, Any]:
        names = {"open": ("In Progress", "indeterminate"), "closed": ("Done", "done")}
        name, category = names.get(entry.state, (entry.state, "undefined"))
        return {
            "expand": "renderedFields,names",
            "id": str(10_000 + entry.number),
            "self": f"{self.url}/rest/api/3/issue/{10_000 + entry.number}",
            "key": self.key(entry.number),
            "fields": {
                "summary": entry.title,
                "description": self._written(entry.body),
                "status": {"name": name, "id": "3", "statusCategory": {"id": 4, "key": category, "name": name}},
                "labels": entry.labels,
                "updated": self.at(entry).replace("Z", ".000+0000"),
                "security": {"id": "10021", "name": "Staff only"} if entry.private else None,
            },
        }


class JiraDataCenterSite(JiraSite):
    """The REST API of Jira Data Center, version 2."""

    kind = "jira-dc"
    me = "fairway"

    def _read(self, body: Any) -> str:
        assert isinstance(body, str)
        return body

    def _written(self, text: str) -> Any:
        return text or None

    def _author(self, name: str) -> dict[str, Any]:
        return {"key": "JIRAUSER1", "name": name, "displayName": "Fairway", "active": True}


class LinearSite(Site):
    """The GraphQL API of Linear."""

    kind = "linear"
    project = "ENG"
    me = "c2f4d7a0-0000-4000-8000-000000000099"

    def key(self, number: int) -> str:
        entry = self.entries[number]
        return f"{entry.project or self.project}-{entry.moved_number or number}"

    def handle(self, request: Request) -> Made:
        question, values = request.body["query"], request.body["variables"]
        if "viewer" in question:
            return 200, {}, {"data": {"viewer": {"id": self.me}}}
        return self._comments(question, values) if "omment" in question else self._issues(question, values)

    def _comments(self, question: str, values: dict[str, Any]) -> Made:
        if "commentCreate" in question:
            entry = self._entry(values["issue"])
            if entry is None:
                return self._missing()
            made = self.comment(entry, values["body"])
            return 200, {}, {"data": {"commentCreate": {"success": True, "comment": {"id": made["id"]}}}}
        if "commentUpdate" in question:
            for entry in self.entries.values():
                for comment in entry.comments:
                    if comment["id"] == values["id"]:
                        comment["body"] = values["body"]
                        return 200, {}, {"data": {"commentUpdate": {"success": True}}}
            return self._missing("Comment")
        entry = self._entry(values["id"])
        if entry is None:
            return self._missing()
        rows = [{"id": row["id"], "body": row["body"], "user": {"id": row["author"]}} for row in entry.comments]
        return 200, {}, {"data": {"issue": {"comments": self._connection(rows, values)}}}

    def _issues(self, question: str, values: dict[str, Any]) -> Made:
        if "$ids" in question:
            rows = [self._row(each) for each in self.entries.values() if self._uuid(each) in values["ids"]]
            return 200, {}, {"data": {"issues": self._connection(rows, values)}}
        if "$label" in question:
            entries = [
                each for each in self.entries.values() if values["label"] in each.labels and each.state == "open"
            ]
            return 200, {}, {"data": {"issues": self._connection([self._row(each) for each in entries], values)}}
        entry = self._entry(values["id"])
        return (200, {}, {"data": {"issue": self._row(entry)}}) if entry else self._missing()

    def _missing(self, what: str = "Issue") -> Made:
        said = f"Entity not found: {what} - Could not find referenced {what}."
        error = {"message": said, "path": ["issue"], "extensions": {"type": "invalid input", "code": "INPUT_ERROR"}}
        return 200, {}, {"errors": [error], "data": None}

    def _connection(self, rows: Rows, values: dict[str, Any]) -> dict[str, Any]:
        at = int(values.get("after") or 0)
        end = at + self.page_size
        info = {"hasNextPage": end < len(rows), "endCursor": str(min(end, len(rows)))}
        return {"nodes": rows[at:end], "pageInfo": info}

    def _uuid(self, entry: Entry) -> str:
        return "" if entry.status == 404 else f"9cfb482a-81e3-4154-b5b9-{entry.number:012d}"

    def _entry(self, name: str) -> Entry | None:
        return next((e for e in self.entries.values() if name in (self._uuid(e), self.key(e.number))), None)

    def _row(self, entry: Entry) -> dict[str, Any]:
        kinds = {"open": ("In Progress", "started"), "closed": ("Done", "completed")}
        name, kind = kinds.get(entry.state, (entry.state, entry.state))
        return {
            "id": self._uuid(entry),
            "identifier": self.key(entry.number),
            "url": f"https://linear.app/acme/issue/{self.key(entry.number)}",
            "title": entry.title,
            "description": entry.body or None,
            "updatedAt": self.at(entry),
            "trashed": True if entry.status == 410 else None,
            "state": {"name": name, "type": kind},
            "labels": {"nodes": [{"name": label} for label in entry.labels]},
        }


SITES: dict[str, type[Site]] = {
    site.kind: site for site in (GitHubSite, GitLabSite, JiraSite, JiraDataCenterSite, LinearSite)
}
