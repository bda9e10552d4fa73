"""What differs between the stand-ins for older scripts, for a story that is told on each of them: one table.

A line of the table is what a person types. `NAME=value` in front goes into the environment, `{hole}` is filled in as
one word, and a word whose hole stays empty goes away, with the flag before it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import tests.legacy_standin.standin as standin_a
import tests.legacy_standin_b.standin as standin_b

QUEUE_SCRIPT = "scripts/ops/agent_queue.sh"


class Typed(NamedTuple):
    """A line as a program gets it."""

    words: list[str]
    environment: dict[str, str]


class OldTables(NamedTuple):
    """How one looks into the old database, past this suite: queries, and the words for what its states are."""

    #: (task, the text that marks the work)
    evidence: str
    handoff: str
    review: str
    #: (task, from, to) in their order; and (task, status, owner)
    moves: str
    states: str
    words: Mapping[object, str] = MappingProxyType({})


class Filled(NamedTuple):
    """A line of a drafted file that a person types over or confirms: where, how the draft begins, what is typed."""

    path: str
    drafted: str
    typed: str


class StandIn(NamedTuple):
    """A set of older scripts, and what its operators type."""

    install: Callable[[str], None]
    make_project: Callable[..., Any]
    #: operation -> the words after agent_queue.sh, or a whole line
    calls: dict[str, str]
    #: Stops the scripts' clock.
    frozen: dict[str, str]
    tables: OldTables
    #: A result that people record besides pass and fail.
    result: str
    #: Calls under the older names whose bytes are kept, besides those by make.
    same_calls: tuple[str, ...]
    #: (operation, field) of each difference that a day in shadow finds, and (legacy, own); None: looked at elsewhere
    found: dict[tuple[str, str], tuple[Any, Any] | None]
    #: What is typed by hand, chapter by chapter.
    filled: dict[str, tuple[Filled, ...]]

    def typed(self, operation: str, **values: str) -> Typed:
        """How one asks for an operation here."""
        return typed(f"{self.calls[operation]}", QUEUE_SCRIPT, **values)


def typed(line: str, script: str = "", **values: str) -> Typed:
    """A line of the table with its holes filled; `script` stands before the first word that is none of `NAME=`."""
    words: list[str] = []
    environment: dict[str, str] = {}
    for word in shlex.split(line):
        name, equals, text = word.partition("=")
        if equals and not words and re.fullmatch(r"[A-Z_]+", name):
            environment |= {name: said} if (said := text.format(**values)) else {}
            continue
        filled = word.format(**values)
        if filled or "{" not in word:
            words.append(filled)
        else:
            words.pop()
    return Typed([script, *words] if script else words, environment)


_PACKET = "GOAL=g OWNER_LANE=B-ui ACCEPTANCE=a scripts/ops/agent_context_packet.sh"
_DIFFERENCES = "compat/differences.toml"
_PROFILE = "compat/profile.toml"

A = StandIn(
    install=standin_a.install,
    make_project=standin_a.make_legacy_project,
    calls={
        "begin": "sync",
        "ready": "ready --role {role}",
        "claim": "claim --role {role} --owner {owner} --task-id {task}",
        "record-evidence": "record-evidence --task-id {task} --command-text {text} --result {result}",
        "record-handoff": "record-handoff --task-id {task} --owner {owner} --branch {branch} --commit {sha} "
        "--commands {ran} --results {text} --changed-files {files}",
        "route-review": "route-review --task-id {task} --ref {sha}",
        "record-review": "record-review --task-id {task} --reviewer-role {role} --reviewer {owner} --status approved "
        "--commit {sha} --note {text}",
        "merge-ready": "merge-ready --task-id {task} --ref {sha}",
        "set-status": "set-status --task-id {task} --status {status} --commit {sha} --blocked-reason {reason}",
    },
    frozen={"LEGACY_NOW": "2026-05-04 10:00:00"},
    tables=OldTables(
        "SELECT task_id, command_text FROM task_evidence",
        "SELECT task_id, results FROM task_handoffs",
        "SELECT task_id, notes FROM task_reviews",
        "SELECT task_id, from_status, to_status FROM task_state_history WHERE from_status IS NOT NULL ORDER BY id",
        "SELECT task_id, status, coalesce(owner, '') FROM task_state",
    ),
    result="ok",
    same_calls=(
        "scripts/ops/agent_queue.sh ready",
        "scripts/ops/agent_queue.sh ready --role=B-ui --format json",
        "scripts/ops/agent_queue.sh --queue-file doc/governance/Agent_Work_Queue.yaml waiting",
        "scripts/ops/agent_queue.sh claim --role B-ui --owner zoe --task-id B-1",
        "scripts/ops/agent_queue.sh claim --role B-ui --owner zoe",
        "scripts/ops/agent_queue.sh record-evidence --task_id A-1 --command-text bytes --result pass --notes \"a 'b'\"",
        "scripts/ops/agent_queue.sh task-detail --task-id A-1 --json",
        "scripts/ops/agent_queue.sh set-status --task-id A-2 --status done",
        "scripts/ops/agent_queue.sh set-status --task-id B-1 --status in_progress --note 'still at it'",
        "scripts/ops/agent_queue.sh task-detail --task-id=B-1 --format=yaml",  # which says who did what
        "scripts/ops/agent_queue.sh health-report --json",
        "scripts/ops/agent_queue.sh timing-report --role B-ui",
        "scripts/ops/agent_queue.sh ready --colour red",
        "scripts/ops/agent_queue.sh a-word-of-the-team",
        "scripts/ops/agent_queue.sh",
        "scripts/ops/agent_context_packet.sh",
        "scripts/ops/agent_queue_store.rb --queue-file=none.yaml ready",
        "scripts/ops/orchestrate_agents.sh status",
        "scripts/ops/orchestrate_agents.sh tick",
        "scripts/ops/agent_preflight.sh --role B-ui",
        "scripts/ops/agent_role_config.sh list",
        "scripts/ops/agent_role_config.sh branch B-ui",
        "make --no-print-directory queue-ready ROLE=B-ui LIMIT=2",
        "make --no-print-directory agent-role-config",
        "make --no-print-directory workflow-regression-packs-show PACK_ID=terminal",
    ),
    found={
        ("ready", "ready.B-ui"): (["B-2", "B-3", "B-4", "B-6", "B-7"], ["B-3", "B-2", "B-4", "B-6", "B-7"]),
        ("record-evidence", "exit"): ("done", "not_understood"),
        ("route-review", "reviewers"): (["D-arch"], ["E-governance"]),
        ("task-detail", "shape"): None,
    },
    filled={
        "explain": (
            Filled(_DIFFERENCES, 'match = { legacy = "^B-2 B-3', 'match = { legacy = "^B-2 B-3", own = "^B-3 B-2" }'),
            *(
                Filled(_DIFFERENCES, 'reason = ""', f'reason = "{reason}"')
                for reason in (
                    "equal priorities come in the order of the queue file, no longer in that of the ids",
                    "the result is one of the published words: pass, not ok",
                    "docs/governance is E-governance's by the published routes",
                    "readers of the page's JSON take the published names",
                )
            ),
        ),
    },
)

B = StandIn(
    install=standin_b.install,
    make_project=standin_b.make_legacy_project,
    calls={
        "begin": "list",
        "ready": "ready --lane {role}",
        "claim": "AQ_LANE={role} AQ_OWNER={owner} claim --task {task}",
        "record-evidence": "AQ_RAN={text} evidence --task {task} --says {result}",
        "record-handoff": "AQ_RAN={ran} AQ_CAME_OUT={text} AQ_PATHS={files} handoff --task {task} "
        "--as {owner} --on {branch} --sha {sha}",
        "route-review": "route --task {task} --sha {sha}",
        "record-review": "review --task {task} --as {role} --by {owner} --state approved --sha {sha} --note {text}",
        "merge-ready": "merge-ready --task {task} --sha {sha}",
        "set-status": "AQ_WHY={reason} set-status --task {task} --state {status} --as {owner} --on {branch} "
        "--sha {sha}",
    },
    frozen={"AQ_CLOCK": "2026-05-04 12:00:00 +0200"},
    tables=OldTables(
        "SELECT item, ran FROM proof",
        "SELECT item, json_extract(came_out, '$[0]') FROM relay",
        "SELECT item, remark FROM verdicts",
        "SELECT item, was, became FROM item_log ORDER BY num",
        "SELECT key, state, coalesce(held_by, '') FROM work_items",
        dict(enumerate(("todo", "in_progress", "blocked", "done"))),
    ),
    result="partial",
    same_calls=(
        "scripts/ops/agent_queue.sh ready",
        "scripts/ops/agent_queue.sh ready --lane B-ui --json",
        "AQ_LANE=B-ui AQ_OWNER=zoe scripts/ops/agent_queue.sh claim --task B-1",
        "AQ_OWNER=zoe AQ_TASK=B-9 scripts/ops/agent_queue.sh claim --lane B-ui",
        "AQ_RAN=bytes AQ_REMARK=\"a 'b'\" scripts/ops/agent_queue.sh evidence --task A-1 --says pass",
        "scripts/ops/agent_queue.sh evidence --task A-1 --says fine",
        "scripts/ops/agent_queue.sh detail --task A-1",
        "scripts/ops/agent_queue.sh set-status --task A-2 --state done --sha abc",
        "scripts/ops/agent_queue.sh set-status --task B-1 --state in_progress --as bea --on agent/B-ui",
        "scripts/ops/agent_queue.sh detail --task B-1",
        "scripts/ops/agent_queue.sh snapshot",
        "scripts/ops/agent_queue.sh ready --colour red",
        "scripts/ops/agent_queue.sh a-word-of-the-team",
        "scripts/ops/agent_queue_store.rb ready",
        "scripts/ops/agent_queue_store.rb --task A-1 detail",
        "scripts/ops/orchestrate_agents.sh status",
        "scripts/ops/orchestrate_agents.sh tick",
        "scripts/ops/orchestrate_agents.sh preflight",
        "scripts/ops/agent_preflight.sh B-ui",
        "scripts/ops/agent_session_adapter.sh status",
        "make --no-print-directory queue-ready ROLE=B-ui JSON=1",
        "make --no-print-directory queue-list",
        "make --no-print-directory regression-packs-show PACK_ID=terminal",
    ),
    found={("route-review", "reviewers"): ([], ["E-governance"])},
    filled={
        "scan": (Filled(_PROFILE, 'tool = ""', 'tool = ""  # nobody else shelves tasks'),),
        "explain": (
            Filled(
                _DIFFERENCES,
                'reason = ""',
                "reason = \"docs/governance is E-governance's, and not nobody's, from now on\"",
            ),
        ),
    },
)

#: What is the same by make on every stand-in, and the scripts of the published interface.
SAME_CALLS = (
    "scripts/ops/workflow_regression_packs.sh list",
    "scripts/ops/workflow_regression_packs.sh show nothing",
    "scripts/ops/agent_session_adapter.sh launch --role B-ui --task-id B-1 --dry-run",
    "ruby scripts/ops/agent_queue_store.rb validate",
    _PACKET,
    "scripts/ci/agent_queue_validate.sh",
    "make --no-print-directory queue-record-evidence TASK_ID=A-1 'COMMAND_TEXT=bytes by make' RESULT=pass",
    "make --no-print-directory queue-task-detail TASK_ID=A-1",
    "make --no-print-directory queue-claim ROLE=B-ui OWNER=zoe TASK_ID=B-1",
    "make --no-print-directory queue-set-status TASK_ID=B-4 STATUS=done",
    "make --no-print-directory orchestrator-tick",
    "make --no-print-directory queue-validate",
)

STAND_INS: dict[str, StandIn] = {"a": A, "b": B}
