"""The rules of the house: which layer may import which, where third-party packages live, what hot commands load."""

from __future__ import annotations

import ast
import glob
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter

import pytest

from fairway_scripts import __version__
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front import entry
from tests.support.shell import BIN, HOME, Checkout, environment, make_checkout, queue_text, task
from tests.support.sources import PACKAGE, imports, mentioned, modules, nodes, tree

#: The rooms from the ground up: a room imports what stands before it, and itself.
ROOMS = (
    *("base", "formats", "catalog", "calls", "programs", "git", "store", "settings", "project", "queue", "work"),
    *("reviews", "packets", "lanes", "sessions", "runs", "utilities", "upkeep", "cutover", "board", "front", "agents"),
    *("served", "registry", "notify", "trackers", "dashboard", "terminal"),
)
#: module outside of programs/ -> why it starts a program by itself
STARTERS = {
    "sessions/terminal_plain.py": "a session is a program that stays",
}
#: third-party package -> the places that may import it
OWNERS = {
    "yaml": {"formats/yaml_events.py", "formats/yaml_writer.py"},
    "tomlkit": {"cutover/parity/case_file.py", "settings/config_file.py", "cutover/scan/profile_file.py"},
    "sqlite_utils": {"store/sqlite"},
    "psycopg": {"store/postgres"},
    "httpx2": {"trackers/services/wire.py"},
    "keyring": {"project/secrets/kept_secrets.py"},
    "apprise": {"notify/services.py"},
    "detect_secrets": {"project/secrets/secret_library.py"},
    "mcp": {"served/protocol_server.py", "served/protocol_lines.py"},
    "mcp_types": {"served/protocol_server.py", "served/protocol_lines.py"},
    "plumbum": {"git", "programs", "sessions"},
    "sh": {"programs/supervised.py"},
    "textual": {"terminal"},
    "rich": {"terminal"},
    **{package: {"dashboard"} for package in ("starlette", "uvicorn", "jinja2")},
}
HOT = {
    "queue-ready": [],
    "queue-claim": ["B-1", "--role", "B-ui", "--owner", "B"],
    "queue-set-status": ["B-1", "--status", "blocked", "--reason", "x"],
    "queue-task-detail": ["B-1"],
    "queue-record-evidence": ["B-1", "--command-text", "t", "--result", "pass"],
    "queue-record-handoff": [
        *["B-1", "--owner", "B", "--branch", "b", "--commit", "HEAD", "--commands", "c", "--results", "r"],
        *["--changed-files", "f"],
    ],
    "queue-record-review": [
        "B-1",
        "--reviewer-role",
        "D-arch",
        "--reviewer",
        "D",
        "--status",
        "approved",
        "--commit",
        "HEAD",
    ],
}
HEAVY = {
    *{
        "argparse",
        "asyncio",
        "collections",
        "contextlib",
        "dataclasses",
        "enum",
        "functools",
        "hashlib",
        "inspect",
        "json",
        "logging",
        "pathlib",
        "plumbum",
        "re",
        "sh",
    },
    *{"datetime", "sqlite3", "sqlite_utils", "subprocess", "tempfile", "tomlkit", "tomllib", "typing", "yaml"},
}


def sources(folder: str) -> list[str]:
    """Every Python file below a folder of the project, those without a suffix included."""
    found = glob.glob(os.path.join(HOME, folder, "**", "*"), recursive=True)
    return [path for path in found if path.endswith(".py") or _is_script(path)]


def _is_script(path: str) -> bool:
    if os.path.splitext(path)[1] or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return b"python" in file.readline()


def room(path: str) -> str:
    return path.split(os.sep, maxsplit=1)[0]


def upward() -> set[tuple[str, str]]:
    """Every import of a room that stands above its own: (module, what it imports)."""
    found = set()
    files = set(modules())
    for path in files - {"__init__.py"}:
        for name in imports(path):
            above = name.removeprefix("fairway_scripts.")
            is_module = f"{above.replace('.', os.sep)}.py" in files
            if name != above and is_module and ROOMS.index(above.split(".")[0]) > ROOMS.index(room(path)):
                found.add((path, above))
    return found


def test_every_folder_of_the_package_is_a_room_and_says_what_it_is_for() -> None:
    folders = {os.path.dirname(path) for path in modules()} - {""}
    assert {folder.split(os.sep)[0] for folder in folders} == set(ROOMS)
    for folder in folders:
        with open(os.path.join(PACKAGE, folder, "__init__.py"), encoding="utf-8") as file:
            assert ast.get_docstring(ast.parse(file.read())), folder


def test_imports_point_down() -> None:
    assert sorted(upward()) == [], "a room imports what stands before it in ROOMS"


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Nor within a room: whatever is read, what it rests on stands somewhere else."""
    named = {f"fairway_scripts.{path.removesuffix('.py').replace(os.sep, '.')}": path for path in modules()}
    imported = {path: {named[name] for name in imports(path) & set(named)} - {path} for path in modules()}
    TopologicalSorter(imported).prepare()  # raises CycleError, which names them


def test_no_folder_is_a_cupboard() -> None:
    folders = [os.path.dirname(path) for path in modules()]
    assert {folder: folders.count(folder) for folder in folders if folders.count(folder) > 22} == {}


def test_rules_touch_nothing_outside() -> None:
    outside = {"subprocess", "time", "socket", "fairway_scripts.store", "fairway_scripts.programs"}
    found = {path: imports(path) & outside | system_calls(path) for path in modules() if path.endswith("_rules.py")}
    assert {path: names for path, names in found.items() if names} == {}


def system_calls(path: str) -> set[str]:
    """What a module asks of the operating system: every name of `os` but the words of `os.path`."""
    attributes = [node for node in nodes(path) if isinstance(node, ast.Attribute)]
    asked = {node.attr for node in attributes if ast.unparse(node.value) in ("os", "os.path")}
    return asked - {"path", "join", "dirname", "basename", "splitext", "normpath", "sep", "isabs"}


@pytest.mark.parametrize("package", sorted(OWNERS))
def test_a_third_party_package_is_imported_in_its_room_only(package: str) -> None:
    for path in modules():
        if any(name.split(".")[0] == package for name in imports(path)):
            assert any(path == room or path.startswith(room + os.sep) for room in OWNERS[package]), path


def test_only_its_own_tool_imports_the_dashboard() -> None:
    found = [path for path in modules() if any(name.startswith("fairway_scripts.dashboard") for name in imports(path))]
    assert [path for path in found if room(path) != "dashboard"] == []


def test_only_the_store_speaks_sql() -> None:
    assert [path for path in modules() if room(path) != "store" and "sqlite3" in imports(path)] == []


def test_only_one_room_runs_programs() -> None:
    starting = {"subprocess", "os.posix_spawn", "os.posix_spawnp"}
    found = {path for path in modules() if room(path) != "programs" and imports(path) & starting}
    assert sorted(found - set(STARTERS)) == [], "run it with a function of programs/"
    assert sorted(set(STARTERS) - found) == [], "these need no exception any more"


#: How a docstring says what is raised: in its own words, or by naming the method whose contract it keeps.
SAYS_WHAT_IS_RAISED = re.compile(r"\b[Rr]aises?\b|\b[Ss]ee `[A-Z]\w+\.\w+`")


@cache
def refusals() -> set[str]:
    """FairwayError, and the functions that make one, by their names."""
    functions = [node for path in modules() for node in nodes(path) if isinstance(node, ast.FunctionDef)]
    made = {node.name for node in functions if _name(node.returns) == "FairwayError"}
    return {"FairwayError", *made}


def refuses(function: ast.AST) -> bool:
    """Whether a function raises a refusal that is made there; functions within it do not count."""
    return any(
        (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc.func) in refusals())
        or (not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and refuses(node))
        for node in ast.iter_child_nodes(function)
        if isinstance(node, (ast.stmt, ast.ExceptHandler, ast.match_case))
    )


def _name(node: ast.expr | None) -> str:
    """The last word of a name, the first of several types: `FairwayError | None`."""
    if isinstance(node, ast.BinOp):
        return _name(node.left)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def public_functions(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions and methods that others may call."""
    found = []
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            found += public_functions(node.body) if isinstance(node, ast.ClassDef) else [node]
    return found


def test_a_docstring_says_that_its_function_refuses() -> None:
    """A command's `run` says it with the exit codes of its tool, and with what its verb raises."""
    silent = [
        f"{path}:{function.lineno} {function.name}"
        for path in modules()
        for function in public_functions(tree(path).body)
        if refuses(function) and not (function.name == "run" and "commands/" in path)
        if not SAYS_WHAT_IS_RAISED.search(ast.get_docstring(function) or "")
    ]
    assert silent == [], "Raises FairwayError `word`"


def test_a_module_is_short_enough_to_read() -> None:
    lengths = {}
    for path in modules():
        with open(os.path.join(PACKAGE, path), encoding="utf-8") as file:
            lengths[path] = sum(1 for _ in file)
    assert {path: length for path, length in lengths.items() if length > 300} == {}


@pytest.mark.parametrize("folder", ["fairway_scripts", "scripts", "bin"])
def test_no_pattern_repeats_a_group_possessively(folder: str) -> None:
    """Python before 3.11.5 matches such a repeat wrongly; an atomic group says the same and is read rightly."""
    for path in sources(folder):
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if re.search(r"\)([*+?]|\{[0-9,]+\})\+[^ ]", line)]
        assert lines == [], path


def test_a_temporary_folder_of_the_tests_has_a_name_that_spells_no_word() -> None:
    """A folder named /tmp/fairway-tpwn0m0k holds a password where a test looks for `pw`."""
    own = os.path.join(HOME, "tests", "support", "folders.py")
    for path in set(sources("tests")) - {own}:
        assert not mentioned(path, "mkdtemp"), f"{path}: tests.support.folders.fresh_folder makes one"


@pytest.mark.parametrize("folder", ["scripts", "tests"])
def test_what_is_read_as_data_is_never_merged_with_standard_error(folder: str) -> None:
    """Notes and warnings are for people: how they lie between the lines of the answer is up to the buffers."""
    for path in sources(folder):
        assert not mentioned(path, "STDOUT"), path


def test_bin_holds_every_tool_and_nothing_else() -> None:
    assert sorted(name for name in os.listdir(BIN) if not name.startswith("_")) == sorted(
        [*TOOLS, entry.STAND_INS_CALL]
    )
    for name in [*TOOLS, entry.STAND_INS_CALL]:
        assert os.access(os.path.join(BIN, name), os.X_OK), name
        with open(os.path.join(BIN, name), encoding="utf-8") as file:
            assert f'_start.run("{name}")' in file.read()


def test_every_tool_answers_help(capsys: pytest.CaptureFixture[str]) -> None:
    for tool in sorted(TOOLS):
        assert entry.run(tool, ["--help"]) == 0, tool
        said = capsys.readouterr().out
        assert said.startswith(f"usage: {tool}"), tool
        assert "example:" in said, tool


def test_every_tool_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    said = {tool: (entry.run(tool, ["--version"]), capsys.readouterr().out) for tool in sorted(TOOLS)}
    assert said == {tool: (0, f"{tool} {__version__}\n") for tool in sorted(TOOLS)}


def test_a_hot_command_loads_nothing_heavy_behind_the_one_command(tmp_path: object) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-ready")
    loaded = loaded_by(project, "fairway", "ready")
    assert "_sqlite3" in loaded
    assert not loaded & HEAVY


#: Calls that are refused: for what they leave out, name, or ask too early.
REFUSED = {
    "queue-claim": ["--role", "B-ui"],
    "queue-record-evidence": ["B-9", "--command-text", "t", "--result", "pass"],
    "queue-record-handoff": ["B-1"],
    "queue-set-status": ["B-1", "--status", "done"],
    "queue-task-detail": ["B-9"],
}


@pytest.mark.parametrize("tool", sorted(REFUSED))
def test_a_hot_command_that_refuses_loads_no_package(tool: str, tmp_path: object) -> None:
    """An agent is refused as often as it is answered: a hint is no reason to start again with the packages."""
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-ready")
    assert not loaded_by(project, tool, *REFUSED[tool], refused=True) & HEAVY


@pytest.mark.parametrize("tool", sorted(HOT))
def test_a_hot_command_loads_nothing_heavy(tool: str, tmp_path: object) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-ready")
    loaded = loaded_by(project, tool, *HOT[tool])
    assert "_sqlite3" in loaded
    assert not loaded & HEAVY


def loaded_by(project: Checkout, tool: str, *arguments: str, refused: bool = False) -> set[str]:
    """The modules that a call of a tool imports, in an interpreter without the site's packages."""
    done = subprocess.run(
        [sys.executable, "-S", "-X", "importtime", os.path.join(BIN, tool), *arguments],
        cwd=project.main,
        env={**environment(), "FAIRWAY_STARTED_AGAIN": "1"},
        capture_output=True,
        text=True,
    )
    assert bool(done.returncode) is refused, done.stderr[-800:]
    assert "missing_dependency" not in done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[1].strip() for line in lines}


def test_the_lock_pins_everything_that_is_required_with_hashes_and_names_no_host() -> None:
    with open(os.path.join(HOME, "requirements.lock"), encoding="utf-8") as file:
        lock = file.read()
    with open(os.path.join(HOME, "pyproject.toml"), "rb") as file:
        project = tomllib.load(file)
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    wanted += project["build-system"]["requires"]  # the package is built without isolation
    entries = {found[1].lower(): found[0] for found in re.finditer(r"^([\w.-]+)==[^#]*", lock, re.MULTILINE)}
    for name in (re.split(r"[<>=!~\[;]", line)[0].strip().lower() for line in wanted):
        assert name in entries, f"{name} is not in requirements.lock: make lock"
    assert all("--hash=sha256:" in entry for entry in entries.values())
    assert "://" not in lock
    assert not re.search(r"^-", lock, re.MULTILINE)
