"""The fields of a task in a queue file and the record that reading one makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairway_scripts.formats.text_tree import Node
    from fairway_scripts.queue.queue_shapes import Fields

#: Text that defines a task.
TEXT_FIELDS = (
    "id",
    "title",
    "role",
    "parent_id",
    "kind",
    "notes",
    "profile",
    "owning_domain",
    "owning_layer",
    "risk_level",
    "migration_type",
    "lane",
)
INTEGER_FIELDS = ("priority", "sequence")
LIST_FIELDS = (
    "acceptance_checks",
    "dependencies",
    "source_paths",
    "target_paths",
    "review_domains",
    "tags",
)
#: State in a queue file: it seeds a task that is new to the store and is never read again.
STATE_FIELDS = ("status", "owner", "branch", "completed_at", "commit_sha")

#: Lists of names at the top of a queue file.
HEADER_LISTS = ("states", "roles")

#: Another spelling -> the field it means.
ALIASES = {"depends_on": "dependencies", "commit": "commit_sha"}


def header_list(header: Mapping[str, object], name: str) -> list[str]:
    """One of `HEADER_LISTS` as a queue file gives it, [] where it does not."""
    names = header.get(name)
    return names if isinstance(names, list) else []


class TaskRecord:
    """One task as its queue file gives it.

    `fields` holds every field of this module under its own name: text (`""` when absent), int or None, lists of
    text. `extra` keeps the unknown fields as they came. `lines` gives the line of each field that the file has,
    under the name it has there and under the field's own name; `item_lines` the line of each item of a list.
    `refused` names the fields whose value was unusable: their fault is already reported. `given` holds the keys of
    `lines`: a reader may look the lines up only when somebody asks for them.
    """

    __slots__ = ("extra", "fields", "given", "item_lines", "line", "lines", "position", "refused")

    def __init__(
        self,
        fields: Fields,
        extra: dict[str, Node],
        lines: dict[str, int],
        item_lines: dict[str, list[int]],
        line: int,
        position: int,
        refused: tuple[str, ...] = (),
    ) -> None:
        self.fields = fields
        self.extra = extra
        self.lines = lines
        self.item_lines = item_lines
        self.given: Collection[str] = lines
        self.line = line
        self.position = position
        self.refused = refused

    def spelled(self, field: str) -> str:
        """The name under which the file gives a field (`depends_on` for `dependencies`)."""
        for alias, meant in ALIASES.items():
            if meant == field and alias in self.given:
                return alias
        return field

    def line_of(self, field: str) -> int:
        """The line of a field, or of the task when the file does not give it."""
        return self.lines.get(field, self.line)
