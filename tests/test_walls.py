"""Walls: one writer of files, one reader of patterns; whoever goes around them is named here, with the reason."""

from __future__ import annotations

import ast
import os
import re

import pytest

from fairway_scripts.catalog import TOOLS
from tests.support.sources import PACKAGE, imports, modules, nodes

# --- writing -----------------------------------------------------------------------------------------------------

#: module -> why it opens, names or moves files by itself
WRITERS = {
    "formats/file_replacement.py": "the one writer",
    "base/regular_files.py": "opens for reading; the flags come from open()",
    "base/streams.py": "the null device takes the place of a standard stream that is closed or takes nothing more",
    "store/sqlite/making.py": "SQLite writes the new store; it gets its name by a link that replaces nothing",
    "store/sqlite/copying.py": "SQLite writes the copy; it gets its name by a link that replaces nothing",
    "store/sqlite/aside.py": "a private copy of a store, in a temporary folder",
    "store/legacy_source.py": "a private copy of a foreign database, in a temporary folder",
    "store/legacy_snapshot.py": "SQLite writes the snapshot, in the store's folder",
    "cutover/shadow/channels.py": "copies of an original's output, in the folder of the call",
    "cutover/shadow/moment.py": "a copy of the old database, in the folder of the call",
    "cutover/shadow/shadow.py": "spool files in the store's folder, written before anything may be imported",
    "git/anchor_ref.py": "a private file for ssh-keygen, in a temporary folder",
    "git/git_worktrees.py": "a lock, and a mark in a worktree's git directory",
    "programs/legacy_command.py": "a lock",
    "sessions/session_script.py": "a private script in the store's folder",
    "programs/supervised.py": "the log that a command itself appends to",
    "programs/runner.py": "a program's streams, in a folder of the parity run",
    "programs/taped_call.py": "why a program did not start, beside those",
    "programs/command_document.py": "a command's streams, in a temporary folder",
    "utilities/ci/ci_observing.py": "a command's streams, in a temporary folder",
    "cutover/parity/kept_cases.py": "a folder of the store, moved into place whole",
    "cutover/shadow/shadow_sides.py": "a copy of the store, in a folder of the call",
    "cutover/parity/parity_ground.py": "copies of a repository, outside of it",
    "cutover/installing.py": "moves originals aside, and copies them with their times",
    "cutover/uninstalling.py": "moves originals back",
}
MOVERS = {"replace", "rename", "renames", "link", "symlink", "mkfifo", "mknod", "truncate"}
COPIERS = {"copy", "copy2", "copyfile", "copytree", "move"}
MAKERS = {"NamedTemporaryFile", "mkstemp", "mktemp"}
PATHS = {"write_text", "write_bytes", "touch", "symlink_to", "hardlink_to"}
WRITING_FLAGS = {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}


def writes(call: ast.Call) -> bool:
    """Whether a call opens a file for writing, or gives a file a name; a mode that is computed counts as writing."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id == "open" and _mode_writes(call)
    if not isinstance(function, ast.Attribute):
        return False
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if owner == "os":
        flags = {node.attr for word in call.args for node in ast.walk(word) if isinstance(node, ast.Attribute)}
        names = {node.id for word in call.args[1:2] for node in ast.walk(word) if isinstance(node, ast.Name)}
        computed = names - {"os"}
        return function.attr in MOVERS or (function.attr == "open" and bool(computed or flags & WRITING_FLAGS))
    return (
        (owner == "shutil" and function.attr in COPIERS)
        or (owner == "tempfile" and function.attr in MAKERS)
        or (owner in ("io", "codecs", "gzip") and function.attr == "open" and _mode_writes(call))
        or function.attr in PATHS
    )


def _mode_writes(call: ast.Call) -> bool:
    given = [word.value for word in call.keywords if word.arg == "mode"] or call.args[1:2]
    if not given:
        return False
    mode = given[0]
    return not isinstance(mode, ast.Constant) or bool(set(str(mode.value)) & set("wax+"))


def test_nobody_else_opens_files_for_writing() -> None:
    found = {path for path in modules() if any(isinstance(x, ast.Call) and writes(x) for x in nodes(path))}
    assert sorted(found - set(WRITERS)) == [], "write through formats/file_replacement.py"
    assert sorted(set(WRITERS) - found - {"formats/file_replacement.py"}) == [], "these need no exception any more"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("open(p, 'w')", True),
        ("open(p, mode='ab')", True),
        ("open(p, 'rb')", False),
        ("open(p)", False),
        ("open(p, mode)", True),
        ("os.open(p, os.O_RDONLY | os.O_CLOEXEC)", False),
        ("os.open(p, os.O_WRONLY)", True),
        ("os.open(p, flags)", True),
        ("os.replace(a, b)", True),
        ("text.replace(a, b)", False),
        ("shutil.copy2(a, b)", True),
        ("tempfile.mkstemp()", True),
        ("Path(p).write_text(t)", True),
    ],
)
def test_the_wall_of_writers_sees_what_it_is_for(text: str, expected: bool) -> None:
    call = ast.parse(text, mode="eval").body
    assert isinstance(call, ast.Call)
    assert writes(call) is expected


# --- engines of the store ----------------------------------------------------------------------------------------

#: driver -> the folder of the engine that it belongs to
DRIVERS = {
    "sqlite3": "store/sqlite/",
    "_sqlite3": "store/sqlite/",
    "sqlite_utils": "store/sqlite/",
    "psycopg": "store/postgres/",
}
#: module above the store -> why it asks for a file and not for a store
KNOWS_FILES = {
    "cutover/door/lanes.py": "reads one cell before anything is loaded",
    "board/doctor/diagnosis_store.py": "the mount and the journal of a file",
    "queue/importing.py": "a dry run is tried on a private file",
    "cutover/bridge/legacy_import.py": "a dry run is tried on a private file",
    "project/losses.py": "moves a damaged file aside, lists the backups beside it",
    "upkeep/maintenance.py": "a backup is a file, whatever the store is",
    "cutover/shadow/observing.py": "compares on a copy, which is a file",
    "project/ownership.py": "whose a file is",
    "cutover/parity/parity_sides.py": "compares on a copy, which is a file",
    "upkeep/store_check.py": "tries a server, with a private file beside it",
    "board/doctor/diagnosis_server.py": "what a server says of itself",
    "cutover/shadow/shadow_sides.py": "compares on a copy, which is a file",
}


def test_the_driver_of_a_database_is_loaded_in_the_folder_of_its_engine_only() -> None:
    elsewhere = [
        f"{path} imports {driver}"
        for path in modules()
        if not path.startswith("store/legacy_")
        for driver in sorted(set(DRIVERS) & {name.split(".")[0] for name in imports(path)})
        if not path.startswith(DRIVERS[driver])
    ]
    assert elsewhere == []


def test_nobody_above_the_store_names_an_engine() -> None:
    above = [path for path in modules() if not path.startswith("store/")]
    engines = ("fairway_scripts.store.sqlite", "fairway_scripts.store.postgres")
    found = {path for path in above if any(name.startswith(engines) for name in imports(path))}
    assert sorted(found - set(KNOWS_FILES)) == [], "ask store/contract.py"
    assert sorted(set(KNOWS_FILES) - found) == [], "these need no exception any more"


def test_nobody_above_the_store_holds_a_connection() -> None:
    """What is asked of a store is a named statement or a method of the contract: else it is asked of one engine."""
    for path in modules():
        if not path.startswith("store/"):
            held = [
                node.lineno for node in nodes(path) if isinstance(node, ast.Attribute) and node.attr == "connection"
            ]
            assert held == [], f"{path}: {held}"


# --- notes -------------------------------------------------------------------------------------------------------

#: module -> why it tells the notes of its project before the boundary does (`front/entry.py`)
TELLS_EARLY = {
    "calls/answer.py": "tells them",
    "front/entry.py": "the boundary",
    "cutover/commands/parity_keep.py": "ends by the signal that ended the command of the call",
    "dashboard/commands/dashboard.py": "serves until it is interrupted",
    "notify/commands/notify.py": "goes on until it is interrupted",
    "packets/packet_call.py": "runs the commands of a proof",
    "runs/commands/trusted_run.py": "waits for a command",
    "runs/commands/watcher_run.py": "waits for a command",
    "sessions/commands/session_launch.py": "becomes the program that it starts",
}
#: module -> what it does with notes besides adding one
READS_NOTES = {
    "calls/answer.py": "tells them",
    "project/opening.py": "gives them to the call",
    "front/first_steps.py": "takes one out that its answer has",
    "project/watching.py": "shows them on a screen that it draws anew, or tells them once for all answers",
    "terminal/reader.py": "shows them on its page",
}


def notes_read(path: str) -> list[int]:
    """The lines that look into the notes of a project, rather than add to them."""
    added = {
        id(node.func.value) if isinstance(node, ast.Call) else id(node.target)  # type: ignore[attr-defined]
        for node in nodes(path)
        if isinstance(node, ast.AugAssign)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append")
    }
    return [
        node.lineno
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and id(node) not in added and isinstance(node.ctx, ast.Load)
        if node.attr == "project_notes" or (node.attr == "notes" and _is_project(node.value))
    ]


def _is_project(node: ast.expr) -> bool:
    return ast.unparse(node).rpartition(".")[2] == "project"


def test_the_notes_of_a_project_are_told_by_the_boundary() -> None:
    """So they are told when a command refuses, and once."""
    early = {path for path in modules() if "tell_notes" in _names(path)}
    assert early == set(TELLS_EARLY)
    read = {path for path in modules() if notes_read(path)}
    assert read == set(READS_NOTES), "leave it to front/entry.py, which tells them at the end"


def _names(path: str) -> set[str]:
    found = {node.id for node in nodes(path) if isinstance(node, ast.Name)}
    return found | {node.name for node in nodes(path) if isinstance(node, ast.FunctionDef)}


# --- patterns ----------------------------------------------------------------------------------------------------

#: module -> whose words its computed expressions are made of; nowhere a user's or a configuration's own pattern
COMPUTED = {
    "calls/typed_names.py": "a name, escaped",
    "cutover/scan/legacy_scripts.py": "names, escaped",
    "cutover/scan/shim_hazards.py": "names of variables and files, escaped",
    "utilities/uat/uat_results.py": "a name, escaped",
    "cutover/parity/parity_rules.py": "a folder, escaped",
    "cutover/scan/callers.py": "names of targets, escaped",
    "queue/files/queue_blocks.py": "the shapes of our own fields",
    "cutover/scan/make_reading.py": "our own expressions",
}
#: module -> whose patterns it gives to `glob`
OWN_GLOBS = {"board/doctor/diagnosis_startup.py": "our own modules, by patterns that stand there"}
SEARCHES = {"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


def computed_patterns(path: str) -> list[ast.Call]:
    """The calls of `re` within functions that take an expression which is no constant."""
    functions = [node for node in nodes(path) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
    calls = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [call for call in calls if _searches(call) and not _is_constant(call.args[0])]


def _searches(call: ast.Call) -> bool:
    function = call.func
    is_re = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re"
    return is_re and function.attr in SEARCHES  # type: ignore[union-attr]


def _is_constant(word: ast.expr) -> bool:
    return isinstance(word, ast.Constant) or (isinstance(word, ast.Name) and word.id.isupper())


def test_patterns_of_users_and_configurations_are_read_by_the_engine_that_cannot_hang() -> None:
    found = {path for path in modules() if computed_patterns(path)}
    assert sorted(found - set(COMPUTED)) == [], "read it with base/patterns/line_patterns.py or base/patterns/globs.py"
    assert sorted(set(COMPUTED) - found) == [], "these need no exception any more"


def test_no_other_matcher_of_patterns_is_imports() -> None:
    """`glob` and `fnmatch` translate into backtracking expressions, and follow every `**` anew."""
    for path in modules():
        for node in nodes(path):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if path not in OWN_GLOBS:
                assert not {"fnmatch", "glob"} & set(names), path
            if isinstance(node, ast.ImportFrom) and node.module == "re":
                raise AssertionError(f"{path} takes names out of re, where this wall does not see them")


def test_no_statement_matches_patterns() -> None:
    """GLOB backtracks and REGEXP is whatever was registered; LIKE has one percent sign, at its end."""
    for folder, _folders, names in os.walk(os.path.join(PACKAGE, "store", "statements")):
        for name in names:
            if name.endswith(".sql"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    words = file.read().upper().split()
                assert not {"GLOB", "REGEXP", "MATCH"} & set(words), name


# --- command lines -----------------------------------------------------------------------------------------------

#: module or room -> why it writes the line of a tool by hand
WRITES_LINES = {
    "catalog": "examples",
    "queue/generation.py": "the checks of tasks that are made up",
    "queue/files/make_files.py": "a file for make",
    "front/tiers.py": "spells it both ways",
    "front/completion_parts.py": "files of shells",
    "front/make_parts.py": "the fragment of make",
    "front/commands/mk_path.py": "what make can include",
    "cutover/door/published_calls.py": "the table of older calls",
    "cutover/scan/profile_file.py": "a file that is read later",
}
_LINE = re.compile(rf"\bmake (?:{'|'.join(TOOLS)})\b|\b(?:{'|'.join(sorted(TOOLS, reverse=True))}) --[a-z]")


def written_lines(path: str) -> list[str]:
    """The texts of a module, but for its docstrings, in which a tool is called."""
    skipped: set[int] = set()
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Expr):
            skipped.add(id(node.value))
        elif isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in parts)
            if id(node) not in skipped and _LINE.search(text):
                found.append(text)
            skipped.update(map(id, parts))
    return found


def test_a_line_that_calls_a_tool_is_spelled_as_the_call_was() -> None:
    """A host may have no such target of make, and a lane no such tool on its PATH: `errors.suggest` knows."""
    found = {path: lines for path in modules() if (lines := written_lines(path))}
    for known in WRITES_LINES:
        assert any(path == known or path.startswith(f"{known}/") for path in found), f"{known} needs no exception"
    left = {p: found[p] for p in found if p not in WRITES_LINES and p.partition("/")[0] not in WRITES_LINES}
    assert left == {}
