"""Writes docs/interface.md (catalogue, docstrings, real runs) and the error words in README.md: `make interface`.

Each tool is described by what it takes (the catalogue), what its JSON holds (a run in a prepared project) and which
error words it can end with (the docstrings of the operations that its command module calls).
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import sys
import tempfile
from typing import Any

from fairway_scripts.base.errors import EXIT_CODES
from fairway_scripts.calls import options
from fairway_scripts.catalog import COMMON, TOOLS, Tool
from tests.support.repositories import git
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, task

COMMON_WORDS = {"usage", "internal", "missing_dependency", "not_found", "invalid_config", "invalid_queue"}
COMMON_WORDS |= {word for word in EXIT_CODES if word.startswith("store_")}

#: Tools whose answer is no JSON, or not this project's: what a file holds, a path, another program's, the machine's.
SILENT = {
    *("fairway", "fairway-tui", "fairway-completion", "fairway-man", "fairway-mcp", "fairway-batch", "fairway-agents"),
    *("fairway-dashboard", "fairway-init", "fairway-projects", "fairway-mk-path", "fairway-tracker"),
    *("queue-generate", "queue-restore"),
    *("fairway-config", "queue-anchor"),
    *("queue-store-check", "queue-store-move", "fairway-store-roles"),  # tests/store has them, with a server
}
#: How to run each tool so that its JSON holds something; a tool that is not here is run without words of its own.
RUNS: dict[str, list[str]] = {
    "fairway-prime": [],
    "queue-ready": ["--explain"],
    "queue-claim": ["B-2", "--role", "B-ui", "--owner", "B"],
    "queue-release": ["B-2"],
    "queue-reclaim": ["B-3", "--force", "--reason", "gone"],
    "queue-set-status": ["B-4", "--status", "blocked", "--reason", "x"],
    "queue-record-evidence": ["B-1", "--command-text", "make test", "--result", "pass"],
    "queue-record-handoff": [
        *["B-1", "--owner", "B", "--branch", "agent/B-ui", "--commit", "agent/B-ui", "--commands", "make test"],
        *["--results", "pass", "--changed-files", "doc/api/x.yaml"],
    ],
    "queue-ack-handoff": ["B-1"],
    "queue-route-review": ["B-1", "--ref", "agent/B-ui"],
    "queue-record-review": [
        *["B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", "agent/B-ui"],
    ],
    "queue-merge-ready": ["B-1", "--ref", "agent/B-ui"],
    "review-waive": ["B-4", "--shape", "light", "--owner", "Lead", "--reason", "x", "--ref", "agent/B-ui"],
    "review-waits": [],
    "review-report": [],
    "queue-git-check": [],
    "queue-record-push-intent": ["B-1", "--reason", "x"],
    "queue-list": [],
    "queue-task-detail": ["B-1"],
    "queue-status-report": [],
    "queue-health-report": [],
    "queue-timing-report": [],
    "queue-activity": [],
    "queue-where": [],
    "compat-install": ["--dry-run"],
    "compat-uninstall": ["--dry-run"],
    "queue-doctor": [],
    "orchestrator-preflight": [],
    "orchestrator-status": [],
    "orchestrator-tick": [],
    "orchestrator-dispatch": [],
    "queue-help": ["queue-claim"],
    "compat-scan": ["--makefile", os.path.join(HOME, "tests", "compat", "hosts", "renamed.mk")],
    "queue-validate": [],
    "queue-import": [],
    "queue-verify": [],
    "queue-undo": ["--dry-run"],
    "queue-prune-stale": [],
    "queue-backup": [],
    "queue-migrate": [],
    "queue-snapshot": [],
    "worktree-setup": [],
    "worktree-status": ["--role", "B-ui"],
    "worktree-prune": [],
    "queue-preflight": ["B-ui"],
    "review-checkout": ["B-1"],
    "agent-role-config": ["B-ui"],
    "queue-add": ["B-8", "--title", "New", "--role", "B-ui", "--parent", "B-3"],
    "queue-update": ["B-8", "--title", "Other"],
    "queue-spawn": ["B-9", "--title", "Beside", "--from-task", "B-8"],
    "queue-tree": ["B-3"],
    "queue-export": ["--dry-run"],
    "checkpoint-record": ["B-1", "--summary", "half of it", "--target-close-by", "2d"],
    "checkpoint-status": [],
    "checkpoint-stale": ["--before", "2999-01-01"],
    "watcher-start": ["W-1", "--task-id", "B-1", "--process", "deploy"],
    "watcher-status": [],
    "watcher-finish": ["W-1", "--result", "fail"],
    "watcher-run": ["--task-id", "B-1", "--command", "true"],
    "session-upsert": ["--session-id", "s-1", "--role", "B-ui", "--backend", "manual", "--task-id", "B-1"],
    "session-heartbeat": ["--session-id", "s-1"],
    "session-status": [],
    "session-reconcile": ["--dry-run"],
    "session-end": ["--session-id", "s-1"],
    "session-launch": ["--role", "B-ui", "--backend", "manual", "--dry-run"],
    "subagent-bridge": ["--external-id", "thread-42", "--state", "started", "--task-id", "B-1", "--role", "B-ui"],
    "context-packet": ["B-1", "--owner", "B", "--goal", "x", "--check", "true"],
    "bugfix-packet": ["B-1", "--draft"],
    "watcher-packet": ["--watch-id", "W-2", "--draft"],
    "architecture-map-packet": ["B-1", "--draft"],
    "boundary-guard-packet": ["B-1", "--draft"],
    "vertical-slice-packet": ["B-1", "--draft"],
    "packet-template": ["boundary-guard", "B-1", "--draft"],
    "lane-engine": [],
    "parity-report": [],
    "parity-report explain": [],
    "parity-report status": [],
    "parity-report run": ["--repo", "../copy", "--out", "../parity", "--legacy-cmd", "false", "--only", "ready.B-ui"],
    "ci-packet": [os.path.join(HOME, "tests", "samples", "ci-packet", "github-failed.json")],
    "deploy-packet": [
        *["--expected", os.path.join(HOME, "tests", "samples", "deploy-packet", "expected.yaml")],
        *["--observed", os.path.join(HOME, "tests", "samples", "deploy-packet", "kubectl.json")],
    ],
    "uat-matrix": [
        *["--flows", os.path.join(HOME, "tests", "samples", "uat-matrix", "flows.yaml")],
        os.path.join(HOME, "tests", "samples", "uat-matrix", "playwright-staging.json"),
        "demo=" + os.path.join(HOME, "tests", "samples", "uat-matrix", "playwright-demo.xml"),
    ],
    "regression-packs": ["list", "--catalog", os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")],
    "evidence-bundle": ["B-1", "--from", os.path.join(HOME, "tests", "samples", "evidence-bundle", "run")],
    "evidence-verify": ["B-1"],
    "output-report": [],
    "fairway-notify": ["once", "--dry-run", "--after", "0"],
    "usage-record": ["B-1", "--tokens-in", "10", "--cost", "0.5", "--model", "m"],
    "usage-report": [],
    "readiness-report": [],
    "record-guard-report": [
        *["B-1", "--profile", "platform-foundation", "--gate", "boundary-guard-report", "--guard-mode", "report_only"],
        *["--findings", "0", "--command-text", "make guard"],
    ],
    "guard-graduate": [
        *["--profile", "platform-foundation", "--gate", "boundary-guard-report", "--mode", "blocking", "--force"],
        *["--reason", "x"],
    ],
    "gate-select": ["--ref", "agent/B-ui", "--task-id", "B-1"],
    "release-verify": [],
    "queue-approve-run": ["B-1", "--command-class", "reconciliation", "--approved-by", "Lead", "--reason", "x"],
    "trusted-run": ["B-1", "--command", "make queue-verify"],
}
RUNS |= {name: [] for name in TOOLS if name not in RUNS and name not in SILENT}

HEADER = """# Every tool

Written by `make interface` from the catalogue, the docstrings and real runs; a test keeps it true.

A tool is called as `bin/NAME`, as `NAME` where the package is installed, or as `make NAME`. A flag is the
make variable in lower case with dashes: `TASK_ID` is `--task-id`. The task id may also stand alone
(`queue-task-detail B-1`). Aliases: `TASK` for `TASK_ID`, `NOTES` and `NOTE` for each other, `ARTIFACT` for
`ARTIFACT_PATH`; `--db` for `--queue-db`, `--path` for one of `PATHS`. `NOTE=@file` and `NOTE_FILE=file` read
a long text.

Every tool takes {common} and `--config`; every tool that changes the store also {mutating}.

`--json` (or `FORMAT=json`, `JSON=1`) prints one line: an object with sorted keys and `schema`, the tool's
name and the version of its shape (`queue-ready/1`). Below, `tasks[]` means a list of objects with the keys
that follow. Refusals come on standard error: `error: WORD: ...` and `hint: ...`, or with `--json` one line,
`{{"schema": "error/1", "tool", "exit_code", "word", "message", "findings", "hint", "argv", ...}}`: each of
`findings` has `level`, `word`, `message`, `fix` and `argv`; `argv` are the words of a hint (or fix) that is one
command line, `[]` where it is prose; `error` is `word` once more. In every answer, too, an object that proposes a
command line (a `fix`, the `command` of a next step) has its words as `argv` beside it, and none beside a sentence.

One idea has one name in every answer: the lane is `lane` (`from_lane`, `to_lane`, `reviewer_lane`; flag and variable
stay `--role` and `ROLE`), who did it is `actor`, an id says of what (`task_id`, `session_id`, `evidence_id`,
`event_id`), and each list of what is wrong is `findings`, with `level` (`error`, `warning`, `note`), `word`,
`message`, `fix` and `argv`; `area` says where one of several checks found it, and what a checklist found in order is
`passed`. No other name stands beside these: no `role`, `recorded_by` or bare `id`, no `faults`, `issues`, `problems`
or `checks`. Exceptions, each because its names were written elsewhere:

| where | what keeps its own names |
|---|---|
| `queue-snapshot` | the rows of `tables`, as columns of the store are called, for `queue-restore`; a row a line |
| `queue-activity` | the `payload` of an event: it is hashed in the ledger as it was written |
| a task, a handoff | `extra`: what a queue file has besides the fields we know; `payload`: what a handoff was given |
| `fairway-config` | `settings`, as config.toml spells them |
| `handoffs[]` | `acknowledged_by`: a second person, beside the `actor` who handed over |
| `packs[]` | `gaps`: a field of the catalogue of packs |

Counts are called by what they count (`errors`, `warnings` of a validation, a status in `by_status`).

Under `--json` standard error is JSON too, an object a line: a refusal, or a remark, `{{"schema": "remark/1", "tool",
"level", "message"}}` with the level `note`, `warning` or `output` (a line that a command of yours printed).

A hint is spelled as the call was: `make NAME ..` behind make, else the tool with the path that was typed. It
repeats the caller's own values; what it cannot know stands in angle brackets, and no tool takes such a
placeholder (`<task-id>`, `...`, `TODO`) as a value. No hint holds a verdict or the result of a command.

Any tool can end with {words}; the words below are the ones of the tool itself. Exit codes by word:

| code | words |
|---|---|
{codes}
"""


def page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as folder:
        shapes = json_shapes(prepared(folder))
    parts = [
        HEADER.format(
            common=_code(COMMON),
            mutating=_code(["REQUEST_ID", "FENCE"]),
            words=_code(sorted(COMMON_WORDS)),
            codes="\n".join(f"| {code} | {_code(words)} |" for code, words in _words_by_code().items()),
        )
    ]
    parts += [_section(each, shapes.get(each.name, [])) for tool in TOOLS.values() for each in (tool, *tool.words)]
    return "\n".join(parts)


def readme() -> str:
    """README.md with the error words of today in its table of exit codes."""
    with open(os.path.join(HOME, "README.md"), encoding="utf-8") as file:
        text = file.read()
    for code, words in _words_by_code().items():
        listed = " ".join(f"`{word}`" for word in words)
        text, rows = re.subn(rf"^(\| {code} \|[^|]*\|)[^|]*\|$", rf"\g<1> {listed} |", text, flags=re.MULTILINE)
        if rows != 1:
            raise AssertionError(f"README.md has {rows} rows for the exit code {code}")
    return text


def json_shapes(project: Checkout) -> dict[str, list[str]]:
    """Tool -> the keys of its JSON, as lines."""
    shapes = {}
    for name, arguments in RUNS.items():
        answer = project.run(*name.split(), *arguments, "--json")
        if answer.code not in (0, 1) or not answer.out.startswith("{"):
            raise AssertionError(
                f"{name} gave no JSON: say in RUNS how it is called, or in SILENT that it has none "
                f"(tests/support/interface_page.py): {answer}"
            )
        shapes[name] = _shape(answer.json)
    return shapes


def error_words(tool: Tool) -> list[str]:
    """The words that the docstrings of a tool's operations name, but for those that every tool can end with."""
    module = importlib.import_module(f"fairway_scripts.{tool.module}")
    assert module.__file__
    with open(module.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _holds_verbs(node.module or ""):
            owner = importlib.import_module(node.module or "")
            for alias in node.names:
                text = getattr(owner, alias.name).__doc__ or ""
                found.update(re.findall(r"`(\w+)`", text[text.find("Raises") :] if "Raises" in text else ""))
    with open(module.__file__, encoding="utf-8") as file:
        found.update(re.findall(r"FairwayError\(\s*\"(\w+)\"", file.read()))
    return sorted(word for word in found & set(EXIT_CODES) if word not in COMMON_WORDS)


def _holds_verbs(module: str) -> bool:
    """Whether a module is one of a room's verbs: no leaf of the lower rooms, no rule, no text, no types."""
    room, _, name = module.removeprefix("fairway_scripts.").partition(".")
    verbs = ("project", "queue", "work", "reviews", "packets", "lanes", "sessions", "runs", "utilities", "upkeep")
    leaves = ("_rules", "_text", "_file", "_shapes", "utility_call", "project")
    return room in (*verbs, "board", "cutover", "front") and not name.endswith(leaves) and "commands." not in name


def prepared(folder: str) -> Checkout:
    """A project in which every call of RUNS has something to say."""
    tasks = [task(f"B-{number}", depends_on=["B-1"] if number == 5 else []) for number in range(1, 6)]
    tasks[3]["risk_level"] = "prod"  # so that its review is heavy enough to be waived
    project = make_checkout(folder, queue_text(*tasks), lanes=["B-ui"])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-claim", "B-3", "--role", "B-ui", "--owner", "B")
    project.commit("B-ui", "doc/api/x.yaml", message="B-1: contract")
    # a remote that was never fetched: queue-closeout has something to say of it
    git(project.main, "remote", "add", "origin", project.main)
    make_checkout(folder, queue_text(task("B-1")), lanes=[], name="copy")  # for parity-report run: nobody works in it
    return project


def _section(tool: Tool, shape: list[str]) -> str:
    lines = [f"## {tool.name}", "", tool.summary, ""]
    names = [name for name in tool.all_variables if name not in COMMON]
    names = [name for name in names if not (tool.mutates and name in ("REQUEST_ID", "FENCE"))]
    if names:
        lines += ["| variable | flag | meaning |", "|---|---|---|"]
        for name in names:
            text = options.SWITCHES.get(name) or options.meaning(tool.name, name)[1]
            lines.append(f"| `{name}` | `{options.flag(name)}` | {text} |")
        lines.append("")
    kind = " Make target: " if len(tool.make_targets) == 1 else " Make targets: "
    kind += ", ".join(f"`make {name}`" for name in tool.make_targets) + "."
    if not tool.make_targets:
        kind = " No make target."
    lines.append(f"Example: `{tool.example or tool.name}`.{kind}")
    if shape:
        lines += ["", "JSON: " + "; ".join(shape) + "."]
    words = error_words(tool)
    if words:
        lines += ["", f"Error words: {_code(words)}."]
    return "\n".join([*lines, ""])


def _shape(value: dict[str, Any], prefix: str = "") -> list[str]:
    """The keys of an object, then those of the objects in its lists and of its sub-objects."""
    own = [key for key in sorted(value) if not (prefix == "" and key == "schema")]
    lines = [(f"`{prefix}`: " if prefix else "") + _code(own)] if own else []
    for key in own:
        entry = value[key]
        if isinstance(entry, list) and entry and isinstance(entry[0], dict):
            merged = {name: item[name] for item in entry for name in item}
            lines += _shape(merged, f"{prefix}{key}[]." if prefix else f"{key}[]")[:1]
        elif isinstance(entry, dict) and entry and not prefix and _is_record(entry):
            lines += _shape(entry, key)[:1]
    return lines


def _is_record(entry: dict[str, Any]) -> bool:
    """Whether the keys are names of fields (and not ids, lanes or paths)."""
    return all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in entry) and len(entry) < 30


def _words_by_code() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word, code in EXIT_CODES.items():
        found.setdefault(code, []).append(word)
    return dict(sorted(found.items()))


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    from fairway_scripts.formats.file_replacement import replace_file

    for name, written in (("README.md", readme()), (os.path.join("docs", "interface.md"), page())):
        replace_file(os.path.join(HOME, name), [written.encode()])  # a page that fails leaves the old one
        sys.stderr.write(f"wrote {name}\n")
