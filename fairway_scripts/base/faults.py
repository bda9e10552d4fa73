"""What a checker finds: one fault, at one line, of one severity."""

from __future__ import annotations

from typing import NamedTuple

ERROR = "error"
WARNING = "warning"
NOTE = "note"


class Fault(NamedTuple):
    """One finding in a file; `line` is 1-based, 0 when the whole file is meant."""

    path: str
    line: int
    task_id: str
    field: str
    severity: str
    code: str
    message: str

    def text(self) -> str:
        """`file:line: task-id: field: what`, leaving out what is unknown; warnings and notes say so."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        label = "" if self.severity == ERROR else f"{self.severity}: "
        parts = [part for part in (self.task_id, self.field) if part]
        return ": ".join([place, *parts, label + self.message])

    def as_json(self) -> dict[str, str | int]:
        """The finding as a JSON-ready object."""
        return self._asdict()
