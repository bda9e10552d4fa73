"""What an issue becomes as a task, and what of it is not fit to: nothing is guessed, and its text stays quoted."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from fairway_scripts.base.patterns.globs import compile_word
from fairway_scripts.calls.options import is_placeholder
from fairway_scripts.trackers.services.issues import CLOSED

if TYPE_CHECKING:
    from fairway_scripts.queue.queue_shapes import Given
    from fairway_scripts.trackers.opening import Tracker
    from fairway_scripts.trackers.services.issues import Issue

    Faults = list[tuple[str, str]]

LONGEST_TITLE = 300
LONGEST_BODY = 65_536
#: Marks that turn text round, letters that are seen by programs alone, and what stands for a broken one.
_HIDING = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xE0000, 0xE0080), 0x2028, 0x2029, 0xFFFD}
_SAID = "The text of the issue, written there by others, as it was when it was taken over:"


def obstacles(issue: Issue) -> Faults:
    """Why an issue is not imported, as (word, message); [] when it may be."""
    faults: Faults = []
    if issue.is_change:
        faults.append(("not_an_issue", f"{issue.key} is a pull request"))
    if issue.moved_to:
        faults.append(("moved", f"{issue.key} was moved to the issue with id {issue.moved_to}"))
    if issue.private:
        faults.append(("private", f"{issue.key} is confidential"))
    if issue.state == CLOSED:
        faults.append(("closed", f"{issue.key} is closed ({issue.state_word})"))
    elif not issue.state:
        faults.append(("unknown_state", f"{issue.key} is in the state {issue.state_word!r}"))
    return faults + text_faults(issue)


def text_faults(issue: Issue) -> Faults:
    """What is wrong with title and body as texts of a task."""
    why = _title_fault(issue.title) or _body_fault(issue.body)
    return [("unfit_text", f"{issue.key}: {why}")] if why else []


def fields_of(issue: Issue, tracker: Tracker, role: str) -> tuple[Given, Faults]:
    """The fields of the task that an issue becomes, and what labels leave open.

    The lane is `role`, else that of its labels, else the tracker's. A fault `no_lane` means that there is none.
    """
    fields: Given = {"title": issue.title.strip(), "notes": notes_of(issue.url, issue.body)}
    faults: Faults = []
    known = {entry["label"]: entry for entry in tracker["labels"]}
    lanes, tags = [], []
    for label in issue.labels:
        entry = known.get(label)
        if entry is None:
            if not any(compile_word(pattern).match(label) for pattern in tracker["ignore_labels"]):
                faults.append(("unknown_label", f"{issue.key} has the label {label!r}"))
            continue
        lanes += [entry["role"]] if entry["role"] else []
        tags += [entry["tag"]] if entry["tag"] else []
        kind, priority = entry["kind"], entry["priority"]
        if kind and fields.setdefault("kind", kind) != kind:
            faults.append(_ambiguous(issue, "kind", fields["kind"], kind))
        if priority and fields.setdefault("priority", priority) != priority:
            faults.append(_ambiguous(issue, "priority", fields["priority"], priority))
    if tags:
        fields["tags"] = list(dict.fromkeys(tags))
    fields["role"] = role or (lanes[0] if len(set(lanes)) == 1 else "" if lanes else tracker["role"])
    if not fields["role"]:
        why = f"its labels name {', '.join(dict.fromkeys(lanes))}" if lanes else "no label, tracker or ROLE names one"
        faults.append(("no_lane", f"{issue.key} has no lane: {why}"))
    return fields, faults


def _ambiguous(issue: Issue, name: str, first: object, second: object) -> tuple[str, str]:
    return "ambiguous_label", f"{issue.key}: labels name {first} and {second} as {name}"


def notes_of(url: str, body: str) -> str:
    """The notes of an imported task: the address, and the text as a quotation, which nobody takes for our own words."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    quoted = "\n".join(f"> {line}".rstrip() for line in lines) if body.strip() else ""
    return f"{url}\n\n{_SAID}\n\n{quoted}\n" if quoted else f"{url}\n"


def _title_fault(title: str) -> str:
    if not title.strip():
        return "the title is empty"
    if len(title) > LONGEST_TITLE:
        return f"the title has {len(title)} characters, more than {LONGEST_TITLE}"
    if is_placeholder(title):
        return "the title stands for one that is still to be given"
    return _sign_fault("the title", title, allowed="")


def _body_fault(body: str) -> str:
    if len(body) > LONGEST_BODY:
        return f"the text has {len(body)} characters, more than {LONGEST_BODY}"
    return _sign_fault("the text", body, allowed="\n\r\t")


def _sign_fault(place: str, text: str, *, allowed: str) -> str:
    for char in text:
        odd = unicodedata.category(char) in ("Cc", "Cs") and char not in allowed
        if odd or ord(char) in _HIDING:
            return f"{place} holds the character U+{ord(char):04X}"
    return ""
