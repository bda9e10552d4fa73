"""Asking a person: a form of a few lines, and the line of `:` with completion."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.suggester import Suggester
from textual.widgets import Input

from fairway_scripts.terminal.bars import Bar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType


class Field(NamedTuple):
    """One thing that is asked: the make variable, what people read, what stands there already."""

    name: str
    label: str
    value: str = ""
    required: bool = False


class Completion(Suggester):
    """Suggests the rest of what is typed."""

    def __init__(self, complete: Callable[[str], str]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        """The whole value that is suggested, None for none."""
        return self._complete(value) or None


class Ask(ModalScreen["dict[str, str] | None"]):
    """A form at the bottom of the screen: Enter goes on and, on the last line, sends; Esc gives up (None)."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "give up", show=False),
        Binding("tab", "complete", "complete, or the next line", show=False, priority=True),
        Binding("down", "app.focus_next", "the next line", show=False),
        Binding("up", "app.focus_previous", "the line before", show=False),
    ]

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        told: Sequence[str] = (),
        complete: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__()
        self.heading = title
        self.fields = list(fields)
        self.told = list(told)
        self.complete = complete

    def compose(self) -> ComposeResult:
        """The title, what is told, the lines to fill in, and how to get out."""
        with Vertical(id="form"):
            yield Bar(self.heading, bold=True)
            for line in self.told:
                yield Bar(line)
            for place, field in enumerate(self.fields):
                yield Bar(f"{field.label}{' (required)' if field.required else ''}")
                yield Input(
                    field.value if field.value.isprintable() else "",
                    id=f"field-{place}",
                    compact=True,
                    select_on_focus=False,
                    suggester=Completion(self.complete) if self.complete else None,
                )
            yield Bar("Enter next, or do it  Tab complete  Esc leave it", dim=True, id="how")

    def on_mount(self) -> None:
        """The first line that is empty gets the keys."""
        inputs = list(self.query(Input))
        empty = [line for line in inputs if not line.value]
        for line in (empty or inputs)[:1]:
            line.focus()
        if not inputs:
            self.query_one("#how", Bar).say("Enter do it  Esc leave it")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next line; from the last one it is sent when nothing required is missing."""
        event.stop()
        inputs = list(self.query(Input))
        place = inputs.index(event.input)
        missing = [n for n, field in enumerate(self.fields) if field.required and not inputs[n].value.strip()]
        if place + 1 < len(inputs):
            inputs[place + 1].focus()
        elif missing:
            inputs[missing[0]].focus()
            self.query_one("#how", Bar).say(f"{self.fields[missing[0]].label} is required; Esc leaves it", bad=True)
        else:
            self.dismiss({field.name: line.value for field, line in zip(self.fields, inputs, strict=True)})

    def key_enter(self) -> None:
        """A form without lines is only asked for a yes."""
        if not self.fields:
            self.dismiss({})

    def action_give_up(self) -> None:
        """Leave everything as it is."""
        self.dismiss(None)

    def action_complete(self) -> None:
        """Take what is suggested; where nothing is, go to the next line."""
        line = self.focused
        if isinstance(line, Input) and self.complete is not None:
            whole = self.complete(line.value)
            if whole:
                line.value = whole
                line.cursor_position = len(whole)
            return
        self.app.action_focus_next()
