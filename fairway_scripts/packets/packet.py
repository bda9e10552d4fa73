"""A packet as Markdown or JSON, short enough to be read whole: what is least urgent gives way first, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.calls.published import json_of, published
from fairway_scripts.packets.packet_records import record_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.packets.fields import Field, Packet
    from fairway_scripts.packets.packet_shapes import PacketData
    from fairway_scripts.work.evidence import NewEvidence

#: Tools that hand a packet on cut it at 10,000 characters, without a word about it.
LIMIT = 9_900
#: Entries of a list of records that are looked at, and the shortest that a long text becomes.
_MOST, _CLIPPED, _SHORTEST = 60, 160, 80


class Section:
    """A titled part of a packet. `left` counts what was left out, `command` shows it."""

    __slots__ = ("command", "cut", "items", "left", "listed", "name", "title", "unit")

    def __init__(self, name: str, title: str, items: list[str], command: str, *, listed: bool, unit: str) -> None:
        self.name, self.title, self.items, self.command = name, title, items, command
        self.listed, self.unit = listed, unit
        self.left = 0
        self.cut = 0

    def lines(self) -> list[str]:
        """The Markdown lines, with what was left out and how to see it."""
        lines = [f"## {self.title}", ""]
        for item in self.items:
            first, *more = _plain(item).split("\n")
            lines += [f"- {first}", *(f"  {line}" for line in more)] if self.listed else [first, *more]
        if not self.items and not self.left:
            lines.append("None.")
        return [line.rstrip() for line in [*lines, *(f"- ... {note}" for note in self.notes())]]

    def notes(self) -> list[str]:
        """What was left out, each with the command that shows it."""
        notes = [f"{self.left} more: {self.command}"] if self.left else []
        return notes + ([f"{self.cut} characters cut: {self.command}"] if self.cut else [])

    def as_json(self) -> dict[str, object]:
        """The section for `--json`."""
        return {"name": self.name, "title": self.title, "items": self.items, "left_out": self.notes()}

    def clip(self, most: int) -> None:
        """Cut every entry to `most` characters."""
        for place, item in enumerate(self.items):
            if len(item) > most:
                self.cut += len(item) - (most - 4)
                self.items[place] = item[: most - 4].rstrip() + " ..."


def packet_text(
    packet: Packet, data: PacketData, *, as_json: bool, pretty: bool, full: bool, proof: NewEvidence | None = None
) -> str:
    """The whole text of a composed packet, under 10,000 characters unless `full`. The same data, the same bytes."""
    again = f"{packet.tool} {quoted(data['subject'])} --full".replace(" '' ", " ")
    header = _header(packet, data)
    fields = _field_sections(packet, data, again)
    records = _record_sections(packet, data, proof)

    def text() -> str:
        sections = [*fields, *records]
        return _json(data, header, sections, pretty=pretty) if as_json else _markdown(data, header, sections)

    if not full:
        _fit(text, header, fields, records)
    return text()


def _header(packet: Packet, data: PacketData) -> list[tuple[str, str]]:
    task = data["task"]
    rows = [("as_of", data["now"])]
    if task:
        rows += [("task_id", task["task_id"]), ("title", task["title"]), ("status", task["status"])]
        rows += [("lane", task["lane"])]
    fields = {field.name: field for field in packet.fields}
    rows += [(name, _inline(data, fields[name])) for name in packet.header]
    if task and task["next_step"]["command"]:
        rows.append(("next", f"{task['next_step']['why']}: {task['next_step']['command']}"))
    rows += [("todo", f"{fault['field']} {fault['problem']}") for fault in data["faults"]]
    return [(name, " ".join(_plain(value).split()) or "-") for name, value in rows]


def _inline(data: PacketData, field: Field) -> str:
    text = "; ".join(data["values"][field.name])
    return text or (f"TODO: {field.variable}" if field.required else "")


def _field_sections(packet: Packet, data: PacketData, again: str) -> list[Section]:
    sections: dict[str, Section] = {}
    for field in packet.fields:
        if not field.title:
            continue
        values = list(data["values"][field.name])
        if not values and field.required:
            values = [f"TODO: {field.variable}"]
        if field.label:
            values = [f"{field.label}: {value}" for value in values]
        listed = field.listed or bool(field.label)
        section = sections.setdefault(
            field.title, Section(field.name, field.title, [], again, listed=listed, unit="entries")
        )
        section.items += values
    return list(sections.values())


def _record_sections(packet: Packet, data: PacketData, proof: NewEvidence | None) -> list[Section]:
    task = data["task"]
    sections = []
    if proof is not None:
        ran = f"{proof['result']} in {proof['duration_seconds']}s\n{proof['notes']}"
        show = suggest("queue-task-detail", TASK_ID=data["subject"], ALL=True)
        sections.append(Section("proof_run", "Proof Run", [ran], show, listed=True, unit="characters"))
    if task is None:
        return sections
    for name in packet.records:
        title, rows, command = record_lines(name, task, data["now"])
        section = Section(name, title, rows[:_MOST], command, listed=True, unit="entries")
        section.left = len(rows) - len(section.items)
        sections.append(section)
    return sections


def _fit(text: Callable[[], str], header: list[tuple[str, str]], fields: list[Section], records: list[Section]) -> None:
    """Shorten until the text fits: records from the least urgent up, then long entries, then the fields."""

    def fits() -> bool:
        return len(text()) <= LIMIT

    if fits() or _records_fit(fits, records, keep=1) or _records_fit(fits, records, keep=0):
        return
    for place, (name, value) in enumerate(header):
        if len(value) > 2 * _CLIPPED:
            header[place] = (name, f"{value[: 2 * _CLIPPED]} ... (cut: --full)")
    while not fits() and any(section.items for section in fields):
        widest = max(fields, key=lambda section: sum(map(len, section.items)))
        longest = max(map(len, widest.items))
        if longest > _SHORTEST:
            widest.clip(max(_SHORTEST, longest // 2))
        else:
            widest.items.pop()
            widest.left += 1


def _records_fit(fits: Callable[[], bool], records: list[Section], *, keep: int) -> bool:
    """Leave out records from the end, all but `keep` of each list, until the text fits; whether it does."""
    for section in reversed(records):
        while len(section.items) > keep:
            section.items.pop()
            section.left += 1
            if fits():
                return True
        section.clip(_CLIPPED)
        if fits():
            return True
    return False


def _markdown(data: PacketData, header: list[tuple[str, str]], sections: list[Section]) -> str:
    lines = [f"# {_plain(data['title'])}", "", *(f"{name}: {value}" for name, value in header)]
    for section in sections:
        lines += ["", *section.lines()]
    return "\n".join(lines) + "\n"


def _json(data: PacketData, header: list[tuple[str, str]], sections: list[Section], *, pretty: bool) -> str:
    named = {name: value for name, value in header if name != "todo"}
    whole = {
        "schema": f"{data['tool']}/1",
        "packet": data["packet"],
        "title": data["title"],
        "task_id": data["subject"] if data["task"] else "",
        "header": named,
        "todo": data["faults"],
        "sections": [section.as_json() for section in sections],
    }
    return json_of(published(whole), pretty=pretty)


def _plain(text: str) -> str:
    """Text that neither moves a cursor nor opens a section of its own."""
    shown = "".join(char if char.isprintable() or char == "\n" else _visible(char) for char in text)
    return "\n".join(f"\\{line.lstrip()}" if _is_heading(line) else line for line in shown.split("\n"))


def _visible(char: str) -> str:
    return "    " if char == "\t" else "" if char == "\r" else ascii(char)[1:-1]


def _is_heading(line: str) -> bool:
    text = line.lstrip()
    return text.startswith("#") and text.lstrip("#")[:1] in ("", " ")
