"""The trackers of a project: which one a call means, and asking it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, TypedDict, cast

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest, suggest_again
from fairway_scripts.base.words.trackers import ADDRESSES, host_of
from fairway_scripts.trackers.tokens import token_for

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerImport, FairwayTrackerLink, TimedCall
    from fairway_scripts.project.project import Project
    from fairway_scripts.trackers.services.service import Service

_SECONDS = 15.0


class LabelEntry(TypedDict):
    """An entry of [[trackers.labels]]."""

    label: str
    role: str
    kind: str
    priority: int | None
    tag: str


class Tracker(TypedDict):
    """An entry of [[trackers]]; `url` and `host` are filled."""

    name: str
    kind: str
    url: str
    host: str
    project: str
    user: str
    role: str
    ignore_labels: list[str]
    labels: list[LabelEntry]


def trackers(project: Project) -> dict[str, Tracker]:
    """The configured trackers by name."""
    found: dict[str, Tracker] = {}
    for entry in project.settings["trackers"]:
        url = entry["url"] or ADDRESSES[entry["kind"]]
        found[entry["name"]] = cast("Tracker", {**entry, "url": url, "host": host_of(url)})
    return found


def chosen_tracker(project: Project, args: FairwayTrackerImport | FairwayTrackerLink) -> Tracker:
    """The tracker that TRACKER names, or the only one. Raises FairwayError `usage`, `not_found`."""
    known = trackers(project)
    name = args.tracker.strip()
    if not known:
        hint = "add [[trackers]] with name, kind and project to .fairway/config.toml"
        raise FairwayError("not_found", "the configuration has no [[trackers]]", hint)
    if not name and len(known) == 1:
        return next(iter(known.values()))
    if not name:
        line = suggest_again(args, TRACKER=None)
        raise FairwayError("usage", f"TRACKER is required: {', '.join(known)}", line)
    if name not in known:
        line = suggest("fairway-config", "show")
        raise FairwayError("not_found", f"there is no tracker {name!r}; known are {', '.join(known)}", line)
    return known[name]


def service_of(tracker: Tracker, args: TimedCall) -> Service:
    """The tracker with its token, to be asked; `service.wire` is to be closed.

    Raises FairwayError `missing_dependency`, `tracker_unavailable`, `usage` (TIMEOUT).
    """
    seconds = _seconds(args)
    try:
        from fairway_scripts.trackers.services.wire import Wire
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "httpx2":
            raise
        from fairway_scripts.base.extras import install_line

        message = f"the Python package {missing.name} is missing"
        raise FairwayError("missing_dependency", message, install_line("trackers")) from None
    made, headers = _class_of(tracker["kind"])
    token = token_for(tracker["host"])
    sent = _authorization(tracker, token)
    headers = {**headers, "Authorization": sent}
    wire = Wire(tracker["url"].rstrip("/") + made.path, headers, [token, sent.rpartition(" ")[2]], seconds)
    return made(wire, tracker["project"])


def _class_of(kind: str) -> tuple[type[Service], dict[str, str]]:
    """The class of a kind of tracker, and the headers that its requests have besides."""
    if kind == "github":
        from fairway_scripts.trackers.services.github import GitHub

        return GitHub, GitHub.headers
    if kind == "gitlab":
        from fairway_scripts.trackers.services.gitlab import GitLab

        return GitLab, {}
    if kind == "linear":
        from fairway_scripts.trackers.services.linear import Linear

        return Linear, {}
    from fairway_scripts.trackers.services.jira import Jira, JiraDataCenter

    return (Jira if kind == "jira" else JiraDataCenter), {}


def _authorization(tracker: Tracker, token: str) -> str:
    if tracker["kind"] == "jira" and tracker["user"]:
        return "Basic " + base64.b64encode(f"{tracker['user']}:{token}".encode()).decode()
    if tracker["kind"] == "linear" and token.startswith("lin_api_"):
        return token
    return f"Bearer {token}"


def _seconds(args: TimedCall) -> float:
    given = args.timeout.strip()
    if not given:
        return _SECONDS
    try:
        return max(clock.duration(given), 0.1)
    except (ValueError, OverflowError):
        raise FairwayError(
            "usage", f"TIMEOUT {given!r} is no span such as 10s", suggest_again(args, TIMEOUT=None)
        ) from None
