"""The calls in which the two sides differed, kept with all that is needed to compare them once more."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.cutover.parity.own_side import exchanged
from fairway_scripts.cutover.parity.parity_facts import OWN, facts
from fairway_scripts.cutover.parity.parity_rules import compare, operation_of
from fairway_scripts.cutover.parity.parity_text import json_value
from fairway_scripts.cutover.shadow.shadow_calls import read_call, read_text
from fairway_scripts.cutover.shadow.shadow_sides import BASE, OF_BRANCHES, branches_moved, context_of, run_own
from fairway_scripts.project.project import is_born

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_shapes import Facts, Replayed
    from fairway_scripts.cutover.shadow.shadow_calls import Call
    from fairway_scripts.project.project import Project

#: How many cases are kept, and the bytes that all of them and one of their files may take.
MOST, MOST_BYTES, MOST_BYTES_OF_A_FILE = 50, 200 << 20, 64 << 20
_FILES = ("call.json", "done.json", "out", "err", "own.out", "own.err", BASE)


def folder_of_cases(project: Project) -> str:
    """Return where the cases are kept; raises FairwayError `git_unavailable`."""
    if project.repository is None:
        raise FairwayError("git_unavailable", "there is no git repository here, so no case was kept")
    return os.path.join(project.repository.common_dir, "fairway", "parity")


def keep_case(project: Project, call: Call) -> str:
    """Keep a call and return its folder, whole or not at all. The oldest cases give way when there are too many."""
    folder = folder_of_cases(project)
    target = os.path.join(folder, call.call_id)
    part = f"{target}.part"
    for place in (part, target):
        shutil.rmtree(place, ignore_errors=True)
    make_folder(part)
    for name in _FILES:
        source = call.place(name)
        if os.path.isfile(source) and os.path.getsize(source) <= MOST_BYTES_OF_A_FILE:
            share(shutil.copyfile(source, os.path.join(part, name)))
    os.rename(part, target)
    _give_way(folder, call.call_id)
    return target


def _give_way(folder: str, newest: str) -> None:
    names = sorted(name for name in os.listdir(folder) if name != newest)
    sizes = {name: _size(os.path.join(folder, name)) for name in names}
    total = sum(sizes.values())
    for position, name in enumerate(names):
        if len(names) - position < MOST and total <= MOST_BYTES:
            break
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)
        total -= sizes[name]


def _size(folder: str) -> int:
    with os.scandir(folder) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.is_file())


def kept_call(project: Project, call_id: str) -> Call | None:
    """Return a call that was kept, None where there is no case of it; raises FairwayError `git_unavailable`."""
    return read_call(os.path.join(folder_of_cases(project), os.path.basename(call_id)))


def replay(project: Project, call_id: str) -> Replayed:
    """Do a kept case once more on our side and compare it with what the older script came to then.

    Nothing is noted. What is asked of a branch is asked of the commits of then; where nobody knows these the answer of
    today says nothing. `note` and `unknown` say what was not as it was then, `unknown` of what decides ("" for
    nothing). Raises FairwayError `not_found` for a case that is not (or not wholly) there.
    """
    noted = None
    if is_born(project.store):
        with project.store.read() as tx:
            noted = tx.one("parity.one", call_id=call_id)
    case = kept_call(project, call_id)
    if noted is None or case is None or not os.path.exists(case.place(BASE)):
        raise FairwayError("not_found", f"no case {call_id} is kept", suggest("parity-report"), call_id=call_id)
    import tempfile

    case, note, unknown = _as_then(project, case)
    task_id = "" if case.note["read_only"] else case.note["task_id"]
    with tempfile.TemporaryDirectory(prefix="fairway-") as folder:
        outcome, _ms = run_own(case, case.place(BASE), folder, task_id)
    with project.store.read() as tx:
        context = context_of(project, tx, case.note["cwd"])
    own = facts(noted["operation"], OWN, outcome, context)
    legacy: Facts = jsonio.loads(noted["legacy_result"])
    return {
        "call_id": noted["call_id"],
        "operation": noted["operation"],
        "role": noted["role"],
        "task_id": noted["task_id"],
        "command": [case.note["tool"], *case.note["own_argv"]],
        "note": note,
        "unknown": unknown,
        "legacy": {"out": read_text(case.place("out")), "err": read_text(case.place("err")), "facts": legacy},
        "own": {"out": outcome.out, "err": outcome.err, "facts": own},
        "differences": compare(noted["operation"], legacy, own),
    }


def _as_then(project: Project, case: Call) -> tuple[Call, str, str]:
    """Return the case about the commits of then, what is of today all the same, and what nobody knows."""
    if lost := case.note.get("untranslated"):
        return case, "", f"{' '.join(lost)} could not be translated, so our side was not asked the same"
    if operation_of(case.note["tool"]) not in OF_BRANCHES:
        return case, "", ""
    then = json_value(read_text(case.place("own.out")))
    commits = [then.get(name) if isinstance(then, dict) else None for name in ("commit_sha", "base_sha")]
    if not all(commits):
        moved = "branches have moved since, and nobody noted where they were"
        return case, "", moved if branches_moved(project, case, "") else ""
    words = exchanged(case.note["own_argv"], ("ref", "base"), [f"--ref={commits[0]}", f"--base={commits[1]}"])
    today = "worktrees are looked at as they are today" if case.note["tool"] == "queue-merge-ready" else ""
    return case._replace(note={**case.note, "own_argv": words}), today, ""
