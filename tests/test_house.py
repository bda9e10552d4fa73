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

import pytest

from fairway_scripts import __version__, entry
from fairway_scripts.catalog import TOOLS
from tests.support.shell import BIN, HOME, Checkout, environment, make_checkout, queue_text, task

PACKAGE = os.path.join(HOME, "fairway_scripts")
LEAVES = {"errors", "clock", "identity", "paths", "settings", "digest", "jsonio", "handover"}
LEAVES |= {"git_folder", "part_files", "regular_files", "caller", "mounts", "own_files", "streams", "progress"}
#: layer -> what it may import besides itself and the leaves
BELOW = {
    "commands": {
        *{"dashboard", "terminal"},  # one of them each, see below
        "front",
        "operations",
        "render",
        "rules",
        "documents",
        "options",
        "catalog",
        "command_line",
        "front_door",
        *{"agents", "operations", "render", "rules", "documents", "options", "catalog", "command_line"},
        *{"front", "front_door", "notify", "registry", "served"},
        "cutover",
    },
    "notify": {"documents", "operations", "rules", "store", "workspace"},
    "registry": {"documents", "served", "store"},
    "served": {"agents", "catalog", "cutover", "entry", "front", "operations", "options", "workspace"},
    "agents": {"catalog", "front", "operations", "options", "rules", "documents"},
    # `cutover` is above: what of operations still belongs to it is on its way there
    "operations": {"rules", "store", "workspace", "documents", "cutover"},
    "dashboard": {"operations", "rules", "documents", "options", "catalog", "command_line"},
    "terminal": {"operations", "render", "rules", "workspace", "options", "catalog", "typed_names"},
    "render": {"catalog", "front", "options", "hints", "rules", "documents"},
    "rules": set(),
    "store": set(),
    "workspace": set(),
    "documents": {"rules"},
    "entry": {
        "catalog",
        "command_line",
        "options",
        "commands",
        "cutover",
        "front",
        "front_door",
        "typed_names",
        "render",
        "registry",
    },
    "front": {"catalog", "options", "command_line", "rules", "operations", "documents"},
    "typed_names": {"catalog", "options"},
    "front_door": {"catalog", "variables", "store", "workspace"},
    "cutover": {*("catalog", "variables", "options", "command_line", "store", "workspace", "documents", "rules")}
    | {"operations", "front_door"},
    "options": {"catalog", "command_line", "variables"},
    "variables": {"packet_options", "cutover_options", "utility_options"},
    **{table: set() for table in ("packet_options", "cutover_options", "utility_options")},
    "command_line": {"options", "catalog", "typed_names"},
    "catalog": set(),
    **{leaf: set() for leaf in LEAVES},
    # loaded with the first hint only: a hint is spelled from the table of tools
    "errors": {"hints"},
    "hints": {"catalog", "front", "options", "rules"},
}
#: third-party package -> the places that may import it
ROOMS = {
    "yaml": {"documents/yaml_events.py", "documents/yaml_writer.py"},
    "tomlkit": {"documents/case_file.py", "documents/config_file.py", "documents/profile_file.py"},
    "sqlite_utils": {"store/sqlite"},
    "psycopg": {"store/postgres"},
    "detect_secrets": {"documents/secret_library.py"},
    "mcp": {"served/protocol_server.py"},
    "mcp_types": {"served/protocol_server.py"},
    "plumbum": {"workspace"},
    "sh": {"workspace/supervised.py"},
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
    *{"argparse", "asyncio", "dataclasses", "hashlib", "inspect", "json", "logging", "pathlib", "plumbum", "re", "sh"},
    *{"datetime", "sqlite3", "sqlite_utils", "subprocess", "tempfile", "tomlkit", "tomllib", "typing", "yaml"},
}


def modules() -> list[str]:
    return sorted(
        os.path.relpath(path, PACKAGE) for path in glob.glob(os.path.join(PACKAGE, "**", "*.py"), recursive=True)
    )


@cache
def imports(path: str) -> set[str]:
    """Every module that a file imports anywhere but for type checking."""
    with open(os.path.join(PACKAGE, path), encoding="utf-8") as file:
        tree = ast.parse(file.read())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def sources(folder: str) -> list[str]:
    """Every Python file below a folder of the project, those without a suffix included."""
    found = glob.glob(os.path.join(HOME, folder, "**", "*"), recursive=True)
    return [path for path in found if path.endswith(".py") or _is_script(path)]


def _is_script(path: str) -> bool:
    if os.path.splitext(path)[1] or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return b"python" in file.readline()


def layer(path: str) -> str:
    return path.split(os.sep, maxsplit=1)[0].removesuffix(".py")


def test_imports_point_down() -> None:
    upward = [
        f"{path} imports {name}"
        for path in modules()
        if path != "__init__.py"
        for name in sorted(imports(path))
        if name.startswith("fairway_scripts.")
        and name.split(".")[1] not in BELOW[layer(path)] | LEAVES | {layer(path), "__version__"}
    ]
    assert upward == []


@pytest.mark.parametrize("package", sorted(ROOMS))
def test_a_third_party_package_is_imported_in_its_room_only(package: str) -> None:
    for path in modules():
        if any(name.split(".")[0] == package for name in imports(path)):
            assert any(path == room or path.startswith(room + os.sep) for room in ROOMS[package]), path


def test_only_its_own_tool_imports_the_dashboard() -> None:
    found = [path for path in modules() if any(name.startswith("fairway_scripts.dashboard") for name in imports(path))]
    assert [path for path in found if layer(path) != "dashboard"] == ["commands/dashboard.py"]


def test_only_the_store_speaks_sql_and_only_the_workspace_runs_programs() -> None:
    speaking = [path for path in modules() if layer(path) != "store" and "sqlite3" in imports(path)]
    assert speaking == []
    running = {"subprocess", "os.posix_spawn", "os.posix_spawnp"}
    assert [path for path in modules() if layer(path) != "workspace" and imports(path) & running] == []


def test_a_module_is_short_enough_to_read() -> None:
    lengths = {}
    for path in modules():
        with open(os.path.join(PACKAGE, path), encoding="utf-8") as file:
            lengths[path] = sum(1 for _ in file)
    assert {path: length for path, length in lengths.items() if length > 320} == {}


@pytest.mark.parametrize("folder", ["fairway_scripts", "scripts", "bin"])
def test_no_pattern_repeats_a_group_possessively(folder: str) -> None:
    """Python before 3.11.5 matches such a repeat wrongly; an atomic group says the same and is read rightly."""
    for path in sources(folder):
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file if re.search(r"\)([*+?]|\{[0-9,]+\})\+[^ ]", line)]
        assert lines == [], path


@pytest.mark.parametrize("folder", ["scripts", "tests"])
def test_what_is_read_as_data_is_never_merged_with_standard_error(folder: str) -> None:
    """Notes and warnings are for people: how they lie between the lines of the answer is up to the buffers."""
    for path in sources(folder):
        with open(path, encoding="utf-8") as file:
            attributes = [node.attr for node in ast.walk(ast.parse(file.read())) if isinstance(node, ast.Attribute)]
        assert "STDOUT" not in attributes, path


def test_bin_holds_every_tool_and_nothing_else() -> None:
    assert sorted(name for name in os.listdir(BIN) if not name.startswith("_")) == sorted(
        [*TOOLS, entry.STAND_INS_CALL]
    )
    for name in [*TOOLS, entry.STAND_INS_CALL]:
        assert os.access(os.path.join(BIN, name), os.X_OK), name
        with open(os.path.join(BIN, name), encoding="utf-8") as file:
            assert f'_start.run("{name}")' in file.read()


@pytest.mark.parametrize("tool", sorted(TOOLS))
def test_every_tool_answers_help(tool: str) -> None:
    done = subprocess.run(
        [sys.executable, os.path.join(BIN, tool), "--help"], env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert f"usage: {tool}" in done.stdout
    assert "example:" in done.stdout


def test_every_tool_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    said = {tool: (entry.run(tool, ["--version"]), capsys.readouterr().out) for tool in sorted(TOOLS)}
    assert said == {tool: (0, f"{tool} {__version__}\n") for tool in sorted(TOOLS)}


def test_a_hot_command_loads_nothing_heavy_behind_the_one_command(tmp_path: object) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-ready")
    loaded = loaded_by(project, "fairway", "ready")
    assert "_sqlite3" in loaded
    assert not loaded & HEAVY


@pytest.mark.parametrize("tool", sorted(HOT))
def test_a_hot_command_loads_nothing_heavy(tool: str, tmp_path: object) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-ready")
    loaded = loaded_by(project, tool, *HOT[tool])
    assert "_sqlite3" in loaded
    assert not loaded & HEAVY


def loaded_by(project: Checkout, tool: str, *arguments: str) -> set[str]:
    """The modules that a call of a tool imports, in an interpreter without the site's packages."""
    done = subprocess.run(
        [sys.executable, "-S", "-X", "importtime", os.path.join(BIN, tool), *arguments],
        cwd=project.main,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-800:]
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
