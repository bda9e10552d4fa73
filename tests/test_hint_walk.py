"""Whoever does nothing but run hints gets no approval, no waiver and no pass that no command produced.

From each of many states of a project every tool is called so that it refuses, in this process, and what its answers and
refusals propose is run, and what that proposes, until nothing new is.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shlex
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fairway_scripts.calls import options
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front import entry
from tests.support.hint_states import STATES, make_state
from tests.support.proposed_lines import is_for_a_shell, lines_without_words, proposed
from tests.support.repositories import git
from tests.support.rings import some
from tests.support.shell import Checkout
from tests.test_hint_texts import faults_of_prose

#: Example ids of the manual and of other projects, which no hint of this one may name.
FOREIGN = ("V3-ACK", "W-17", "packages/web", "docs-sweep")
#: Lanes of the preset, which only a project that has it may name.
PRESET = ("B-ui", "A-backend", "D-arch", "E-governance")
TARGETS = {target: (tool, words) for tool in TOOLS.values() for target, words in tool.make_targets.items()}
_VALUES = {"OWNER": "Ann", "STATUS": "done", "REF": "HEAD", "COMMIT": "HEAD", "RESULT": "fail", "REASON": "why"}
#: Words that keep a call short, or keep it from changing more than a store.
ALWAYS = {
    "queue-generate": ["--tasks=3"],
    "compat-install": ["--dry-run"],
    "compat-uninstall": ["--dry-run"],
}
#: Tables of proof, and what of each row is proof that somebody has to give.
PROOF = {
    "task_reviews": "verdict = 'approved'",
    "waivers": "1",
    "execution_approvals": "1",
    "task_evidence": "(result = 'pass' AND coalesce(run_by, '') = '') OR coalesce(signed_off_by, '') <> ''",
}
#: What a refused call is told where no line made from it would do: it belongs somewhere else, or names a file to edit.
SENTENCES = ("run it in a checkout of the repository",)
#: It prints a queue file, which is never JSON.
MAKES_YAML = "queue-generate"
#: Tools that do something to the work tree that they are called in, or run something there.
IN_A_WORKTREE = ("watcher-run", "review-checkout")
#: Documents name no folder of a machine: their lines are for whoever has the commit in question checked out.
DOCUMENTS = ("gate-select", "release-verify")
#: What git does in the repository as a whole, wherever it is called.
ANYWHERE = ("branch", "config", "fetch", "log", "worktree")
MOST = 2000
#: The states of a short run: of every kind one.
SHORT = ("no configuration and no store", "claimed")


class Told(NamedTuple):
    """What a call came to: its exit code, its refusal (or nothing), the objects that it printed."""

    code: int
    refusal: dict[str, Any]
    objects: list[Any]


def call(tool: str, words: list[str], capsys: pytest.CaptureFixture[str], *, via: str) -> Told:
    """Run a tool in this process."""
    os.environ["FAIRWAY_VIA"] = via
    try:
        more = [word for word in ALWAYS.get(tool, ()) if word.split("=")[0] not in words]
        code = entry.run(tool, [*([] if tool == MAKES_YAML else ["--json"]), *more, *words])
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    out, err = capsys.readouterr()
    objects = []
    for text in (out, *err.splitlines()):
        with contextlib.suppress(ValueError):
            objects.append(json.loads(text))
    told = [row for row in objects if isinstance(row, dict) and row.get("schema") == "error/1"]
    return Told(code, told[-1] if told and code else {}, objects)


def as_call(argv: list[str]) -> tuple[str, list[str]] | None:
    """The tool and words of a line, None for another program; unknown targets and variables fail here."""
    if argv[0] == "make" and len(argv) > 1 and argv[1] in TARGETS:
        tool, fixed = TARGETS[argv[1]]
        given = [word.split("=", 1) for word in argv[2:]]
        assert all(name in tool.all_variables for name, _value in given), argv
        return tool.name, [*fixed, *(f"{options.flag(name)}={value}" for name, value in given)]
    name = os.path.basename(argv[0])
    return (name, argv[1:]) if name in TOOLS else None


#: Tools that stay for as long as somebody listens; tests/served and tests/dashboard have them.
STAYING = ("fairway-dashboard", "fairway-mcp")


def calls(subject: str, *, usage: bool) -> Iterator[tuple[str, list[str]]]:
    """Each tool with its task and its values, and where `usage` is wanted with nothing, wrong and unknown ones too."""
    for name, tool in TOOLS.items():
        if name in STAYING:
            continue
        names = tool.all_variables
        given = [f"{options.flag(key)}={value}" for key, value in _VALUES.items() if key in names]
        about = [f"--task-id={subject}"] if "TASK_ID" in names else []
        yield name, [*about, *given]
        if usage or not about:
            yield name, []
        if usage:
            yield name, ["--no-such-flag"]
            if about:
                yield name, ["--task-id=NOPE", *given]
                yield name, ["--task-id=<task-id>"]
        if about and given:
            yield name, about
        if "ROLE" in names and usage:
            yield name, [*about, "--role=nowhere"]


def lines(told: Told) -> list[tuple[str, list[str]]]:
    """Every proposal of an answer: its text, its words."""
    found = [(text, row.get("argv") or []) for text, row in proposed(told.objects)]
    return list(dict.fromkeys((text, tuple(words)) for text, words in found if text))  # type: ignore[misc]


def proofs(store: str) -> dict[str, set[int]]:
    """Table -> its rows of proof, read past the tools."""
    if not os.path.exists(store):
        return {table: set() for table in PROOF}
    found: dict[str, set[int]] = {}
    with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        for table, condition in PROOF.items():
            try:
                found[table] = {row[0] for row in connection.execute(f"SELECT id FROM {table} WHERE {condition}")}
            except sqlite3.OperationalError:  # no such table or column: it is another one now
                raise
            except sqlite3.DatabaseError:  # a damaged file proves nothing to anybody
                found[table] = set()
    return found


def walk(
    subject: str, capsys: pytest.CaptureFixture[str], *, via: str, usage: bool, foreign: tuple[str, ...]
) -> tuple[dict[str, int], list[str]]:
    """Call every tool and follow what is proposed; how often, and what is wrong with it."""
    counts = {"calls": 0, "lines": 0, "led on": 0, "prose": 0, "programs": 0}
    wrong: list[str] = []
    seen: set[str] = set()
    waiting = [(name, words, "") for name, words in calls(subject, usage=usage)]
    while waiting and counts["calls"] < MOST:
        tool, words, origin = waiting.pop(0)
        counts["calls"] += 1
        told = call(tool, words, capsys, via=via)
        about = f"{origin or shlex.join([tool, *words])} -> {told.refusal.get('word', told.code)}"
        wrong += [f"{about}: {fault}" for fault in lines_without_words(told.objects)]
        wrong += faults_of_refusal(told, origin, about)
        for text, argv in lines(told):
            if text in seen:
                continue
            seen.add(text)
            counts["lines"] += 1
            wrong += [f"{about}: names {name}: {text}" for name in foreign if name in text]
            if not argv:
                wrong += [f"{about}: {fault}" for fault in ([] if is_for_a_shell(text) else faults_of_prose(text))]
                counts["prose"] += 1
                continue
            if shlex.split(text) != list(argv):
                wrong.append(f"{about}: {text} is not {argv}")
            following = as_call(list(argv))
            wrong += [f"{about}: says not where it belongs: {text}"] if lacks_place(tool, argv, following) else []
            counts["led on" if following else "programs"] += 1
            if following:
                waiting.append((*following, text))
    assert not waiting, "hints lead on and on"
    wrong += faults_of_syntax(seen)
    return counts, wrong


def lacks_place(tool: str, argv: list[str], following: tuple[str, list[str]] | None) -> bool:
    """Whether a line that is proposed in the main checkout belongs into a lane's worktree and does not say so.

    A call that is only to be made again stays where its caller has made it.
    """
    if tool in DOCUMENTS:
        return False
    if following is None:
        return argv[0] == "git" and argv[1] not in ("-C", *ANYWHERE)
    name, words = following
    lanes = [row for row in git(os.getcwd(), "worktree", "list").splitlines()[1:] if os.path.isdir(row.split()[0])]
    return bool(lanes) and name in IN_A_WORKTREE and name != tool and "--worktree" not in shlex.join(words)


def faults_of_refusal(told: Told, origin: str, about: str) -> list[str]:
    """Why a refusal is none that leads on: a fault of ours, or a line that cannot be run as it was printed."""
    word, hint = told.refusal.get("word", ""), told.refusal.get("hint", "")
    if word == "internal":
        return [f"{about}: {told.refusal['message']}"]
    if word == "usage" and not told.refusal.get("argv") and hint not in SENTENCES:
        return [f"{about}: no line can be run: {told.refusal['message']}: {hint}"]
    if not origin or "<" in origin:
        return []
    if word == "usage":
        return [f"{about}: cannot be run as printed: {told.refusal['message']}"]
    return [f"{about}: leads back to itself: {told.refusal['message']}"] if hint == origin else []


def faults_of_syntax(texts: set[str]) -> list[str]:
    """What a shell cannot read of the lines."""
    script = "\n".join(sorted(text for text in texts if as_line(text)))
    done = subprocess.run(["sh", "-n"], input=script, capture_output=True, text=True)
    return [done.stderr] if done.returncode else []


def as_line(text: str) -> bool:
    return text.split(" ", 1)[0] == "make" or os.path.basename(text.split(" ", 1)[0]) in TOOLS


@pytest.mark.parametrize("name", some(STATES, *SHORT))
def test_following_hints_alone_supplies_no_proof(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    record_property: Any,
) -> None:
    """Also: each line parses, names only what this project has, and runs as it is printed; the others are prose."""
    for variable in ("QUEUE_DB", "FAIRWAY_NOW", "FAIRWAY_VIA"):
        monkeypatch.setenv(variable, "")
        monkeypatch.delenv(variable)
    project: Checkout = make_state(name, tmp_path, monkeypatch.chdir)
    capsys.readouterr()
    store = os.environ.get("QUEUE_DB") or project.store
    before = proofs(store)
    state, place = STATES[name], list(STATES).index(name)
    foreign = FOREIGN if state.gpuaas or not state.configured else (*FOREIGN, *PRESET)
    counts, wrong = walk(state.subject, capsys, via=("make", "")[place % 2], usage=place in (1, 2, 3), foreign=foreign)
    record_property("hints", counts)
    gc.collect()
    assert not wrong, "\n".join(wrong)
    assert proofs(store) == before
    assert counts["lines"] > 20
