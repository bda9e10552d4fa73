"""The sections of the config file about trackers, and what their values have to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.words.trackers import ADDRESSES, KINDS
from fairway_scripts.settings.config_key import REQUIRED, Key, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.base.settings_shape import Settings

    Place = tuple[str | int, ...]

TRACKER_SECTIONS = (
    repeated(
        "trackers",
        "A tracker whose issues tasks may be linked to. Its token is in the environment or the keyring, never here.",
        Key("name", "text", "What calls name it by.", REQUIRED),
        Key("kind", "choice", "github, gitlab, jira (Cloud), jira-dc (Data Center) or linear.", REQUIRED, KINDS),
        Key("url", "tracker_url", "The address of its API; unset, the public one. Jira has none.", ""),
        Key("project", "text", "GitHub: owner/name; GitLab: the project's path; Jira, Linear: the key.", REQUIRED),
        Key("user", "text", "Jira Cloud: the address that the token belongs to.", ""),
        Key("role", "lane_name", "The lane of imported tasks, unless a label or the call names one.", ""),
        Key("ignore_labels", "globs", "Labels that mean nothing here.", ()),
        Key("labels", "tables", "See [[trackers.labels]].", ()),
    ),
    repeated(
        "trackers.labels",
        "What a label says of an imported task; any other label is reported.",
        Key("label", "text", "The label, as the tracker spells it.", REQUIRED),
        Key("role", "lane_name", "The task's lane.", ""),
        Key("kind", "text", "The task's kind.", ""),
        Key("priority", "number", "The task's priority."),
        Key("tag", "text", "A tag of the task.", ""),
    ),
)


def tracker_findings(settings: Settings) -> Iterator[tuple[Place, str, str]]:
    """Names that repeat, lanes that there are not, and addresses that are missing."""
    lanes = [lane["name"] for lane in settings["roles"]]
    names: list[str] = []
    for at, tracker in enumerate(settings["trackers"]):
        if tracker["name"] in names:
            message = f"{tracker['name']!r} is already the name of another tracker"
            yield ("trackers", at, "name"), "named_twice", message
        names.append(tracker["name"])
        if not tracker["url"] and not ADDRESSES[tracker["kind"]]:
            yield ("trackers", at), "missing_url", f"a tracker of kind {tracker['kind']} needs its url"
        labels: list[str] = []
        for which, entry in enumerate(tracker["labels"]):
            if entry["label"] in labels:
                yield (
                    ("trackers", at, "labels", which, "label"),
                    "named_twice",
                    f"{entry['label']!r} is already the label of another entry",
                )
            labels.append(entry["label"])
        places: list[tuple[Place, str]] = [(("trackers", at, "role"), tracker["role"])]
        for which, entry in enumerate(tracker["labels"]):
            places.append((("trackers", at, "labels", which, "role"), entry["role"]))
        for place, lane in places:
            if lane and lanes and lane not in lanes:
                yield place, "unknown_lane", f"{lane!r} is the name of no lane in [[roles]]"
