"""What the story of a cut-over is written on: its queue, its calls, its explanations."""

from __future__ import annotations

from tests.support.shell import queue_text, task

LANES = ("A-backend", "B-ui", "C-ops", "D-arch", "E-governance")
#: B-3 stands before B-2 at one priority: the older scripts take B-2 first, this suite B-3.
QUEUE = queue_text(
    task("A-1", "A-backend", priority=1),
    task("A-2", "A-backend", priority=1, depends_on=["B-4"]),
    task("A-3", "A-backend", priority=2),
    task("A-4", "A-backend", priority=3),
    task("B-1", priority=1),
    task("B-3", priority=2),
    task("B-2", priority=2),
    task("B-4", priority=3),
    task("B-5", priority=4, depends_on=["A-1"]),
    task("B-6", priority=5),
    task("B-7", priority=6),
    task("C-1", "C-ops", priority=1),
    task("C-2", "C-ops", priority=2, depends_on=["B-5"]),
    task("C-3", "C-ops", priority=3),
    roles=LANES,
)
#: The clock of the older scripts for the calls whose bytes are compared.
FROZEN = {"LEGACY_NOW": "2026-05-04 10:00:00"}

_OPS = "scripts/ops"
_QUEUE = f"{_OPS}/agent_queue.sh"
_PACKET = ("env", "GOAL=g", "OWNER_LANE=B-ui", "ACCEPTANCE=a")
_MAKE = ("make", "--no-print-directory")
#: Calls under the older names and through the host's Makefile: answers, records, refusals, wrong calls.
SAME_CALLS: tuple[tuple[str, ...], ...] = (
    (_QUEUE, "ready"),
    (_QUEUE, "ready", "--role=B-ui", "--format", "json"),
    (_QUEUE, "--queue-file", "doc/governance/Agent_Work_Queue.yaml", "waiting"),
    (_QUEUE, "claim", "--role", "B-ui", "--owner", "zoe", "--task-id", "B-1"),
    (_QUEUE, "claim", "--role", "B-ui", "--owner", "zoe"),
    (_QUEUE, "record-evidence", "--task_id", "A-1", "--command-text", "bytes", "--result", "pass", "--notes", "a 'b'"),
    (_QUEUE, "task-detail", "--task-id", "A-1", "--json"),
    (_QUEUE, "set-status", "--task-id", "A-2", "--status", "done"),
    (_QUEUE, "set-status", "--task-id", "B-1", "--status", "in_progress", "--note", "still at it"),
    (_QUEUE, "task-detail", "--task-id=B-1", "--format=yaml"),  # which says who did what
    (_QUEUE, "health-report", "--json"),
    (_QUEUE, "timing-report", "--role", "B-ui"),
    (_QUEUE, "ready", "--colour", "red"),
    (_QUEUE, "a-word-of-the-team"),
    (_QUEUE,),
    ("ruby", f"{_OPS}/agent_queue_store.rb", "validate"),
    (f"{_OPS}/agent_queue_store.rb", "--queue-file=none.yaml", "ready"),
    (f"{_OPS}/orchestrate_agents.sh", "status"),
    (f"{_OPS}/orchestrate_agents.sh", "tick"),
    (f"{_OPS}/agent_preflight.sh", "--role", "B-ui"),
    (f"{_OPS}/agent_role_config.sh", "list"),
    (f"{_OPS}/agent_role_config.sh", "branch", "B-ui"),
    (f"{_OPS}/workflow_regression_packs.sh", "list"),
    (f"{_OPS}/workflow_regression_packs.sh", "show", "nothing"),
    (f"{_OPS}/agent_session_adapter.sh", "launch", "--role", "B-ui", "--task-id", "B-1", "--dry-run"),
    (*_PACKET, f"{_OPS}/agent_context_packet.sh"),
    (f"{_OPS}/agent_context_packet.sh",),
    ("scripts/ci/agent_queue_validate.sh",),
    (*_MAKE, "queue-ready", "ROLE=B-ui", "LIMIT=2"),
    (*_MAKE, "queue-record-evidence", "TASK_ID=A-1", "COMMAND_TEXT=bytes by make", "RESULT=pass"),
    (*_MAKE, "queue-task-detail", "TASK_ID=A-1"),
    (*_MAKE, "queue-claim", "ROLE=B-ui", "OWNER=zoe", "TASK_ID=B-1"),
    (*_MAKE, "queue-set-status", "TASK_ID=B-4", "STATUS=done"),
    (*_MAKE, "orchestrator-tick"),
    (*_MAKE, "queue-validate"),
    (*_MAKE, "agent-role-config"),
    (*_MAKE, "workflow-regression-packs-show", "PACK_ID=terminal"),
)

DIFFERENCES = """[[difference]]
operation = "ready"
field = "ready"
match = { legacy = "^B-2 B-3", own = "^B-3 B-2" }
reason = "equal priorities come in the order of the queue file, no longer in that of the ids"
owner = "D-arch"
date = 2026-05-04
expires = 2099-01-01

[[difference]]
operation = "route-review"
field = "reviewers"
match = { legacy = "^D-arch$", own = "^E-governance$" }
reason = "docs/governance is E-governance's by the published routes"
owner = "E-governance"
date = 2026-05-04
expires = 2099-01-01

[[difference]]
operation = "record-evidence"
field = "exit"
match = { legacy = "^done$", own = "^not_understood$" }
word = "usage"
reason = "the result is one of the published words: pass, not ok"
owner = "D-arch"
date = 2026-05-04
expires = 2099-01-01

[[difference]]
operation = "task-detail"
field = "shape"
match = { legacy = "state.branch: text", own = "^$" }
reason = "readers of the page's JSON take the published names"
owner = "D-arch"
date = 2026-05-04
expires = 2099-01-01
"""
