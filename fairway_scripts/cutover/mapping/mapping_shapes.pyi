from typing import NotRequired, TypeAlias, TypedDict

from fairway_scripts.cutover.cutover_shapes import TableTally
from fairway_scripts.queue.queue_shapes import Imported
from fairway_scripts.store.legacy_types import MappedTable, Shape

# By tables and columns: all that their cells say.
Watched: TypeAlias = dict[str, dict[str, list[str]]]

class Problem(TypedDict):
    table: str
    column: str
    message: str
    decide: str

class Unplaced(TypedDict):
    table: str
    column: str
    rows: int

class ToldMapping(TypedDict):
    kinds: dict[str, MappedTable]
    tables: list[str]
    missing: list[str]
    words: dict[str, dict[str, str]]
    problems: list[Problem]
    unplaced: list[Unplaced]
    shape: NotRequired[Shape]

# What `find_mapping` gives; shape, rest and watched are added where it is remembered.
class NewMapping(ToldMapping):
    none: list[str]
    numbers: list[list[str]]
    waiting: dict[str, list[str]]
    rest: NotRequired[dict[str, int]]
    watched: NotRequired[Watched]

class FoundMapping(NewMapping):
    mark: str
    rows: int
    heard: dict[str, dict[str, int]]
    unanswered: NotRequired[bool]

class LegacyImport(TypedDict):
    database: str
    queue: Imported
    dry_run: bool
    mapping: ToldMapping
    tables: list[TableTally]
    new: int
    changed: int
    known: int
    left: int
    tasks: list[str]

class DraftedMapping(LegacyImport):
    profile: str
    added: list[str]
