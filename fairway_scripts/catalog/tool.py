"""One row of the catalogue."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


class Tool:
    """One tool: its name, command module, help line, variables, example line, and whether it changes the store."""

    __slots__ = (
        "example",
        "extras",
        "first",
        "module",
        "mutates",
        "name",
        "summary",
        "target",
        "targets",
        "variables",
        "words",
    )

    def __init__(
        self,
        name: str,
        module: str,
        summary: str,
        variables: str = "",
        *,
        example: str = "",
        mutates: bool = False,
        extras: str = "",
        target: bool = True,
        targets: tuple[str, ...] = (),
        first: str = "TASK_ID",
        words: tuple[Tool, ...] = (),
    ) -> None:
        self.name = name
        self.module = module
        self.summary = summary
        self.variables: list[str] = variables.split()
        #: make variables that only the command line shows, not the usage line (aliases are in `options`)
        self.extras: list[str] = extras.split()
        self.example = example
        self.mutates = mutates
        #: whether make has a target of the same name
        self.target = target
        #: further make targets, each a name and the words that it puts before the flags: `packs-list list`
        self.targets = targets
        #: the variable that a bare word of the command line stands for; "" where the tool's own module says
        self.first = first if first in self.variables else ""
        #: what its first word may ask for instead, each with flags of its own: `parity-report run`
        self.words = words

    @property
    def all_variables(self) -> list[str]:
        """Every make variable that the tool takes: its own, then the ones that all tools take."""
        own = [*self.variables, *self.extras]
        if self.mutates:
            own += MUTATING
        return [*own, *(name for name in COMMON if name not in own)]

    @property
    def make_targets(self) -> dict[str, list[str]]:
        """Every make target of the tool with the words that it puts before the flags, its own name first."""
        own: dict[str, list[str]] = {self.name: []} if self.target else {}
        return own | {name: words for name, *words in map(str.split, self.targets)}


#: Variables of every tool.
COMMON: Final = ["QUEUE_FILE", "QUEUE_DB", "ACTOR", "FORMAT", "JSON", "PRETTY"]
#: Variables of every tool that changes the store.
MUTATING: Final = ["REQUEST_ID", "FENCE"]
#: What a caller may say of evidence in a line of at most 200 characters, beside the command and its result: variable
#: -> (metavar, help, label). Each is a variable, a flag, a column, an entry of the JSON and a word of the task's page.
EVIDENCE: Final = {
    "SIGNED_OFF_BY": ("NAME", "who signs the record off; nobody who does the work", "signed off by"),
}
