"""The words behind `fairway`: which tool each verb means, where the names of the tools alone do not say it.

Most verbs need no row here: `fairway A B` is the tool `A-B`, `queue-A-B` or `B-A`, and `fairway A` is `A`, `queue-A`,
`orchestrator-A` or `fairway-A`, in this order.
"""

from __future__ import annotations

#: What is called all day, found without reading the catalogue.
HOT = {
    "ready": "queue-ready",
    "claim": "queue-claim",
    "set-status": "queue-set-status",
    "task-detail": "queue-task-detail",
    "list": "queue-list",
    "prime": "fairway-prime",
    "record-evidence": "queue-record-evidence",
    "record-handoff": "queue-record-handoff",
    "record-review": "queue-record-review",
    "record evidence": "queue-record-evidence",
    "record handoff": "queue-record-handoff",
    "record review": "queue-record-review",
    "route review": "queue-route-review",
}
#: The ten commands of the day, in the order in which a task meets them.
DAILY = (
    "queue-ready",
    "queue-claim",
    "queue-task-detail",
    "queue-record-evidence",
    "queue-record-handoff",
    "queue-route-review",
    "queue-record-review",
    "queue-merge-ready",
    "queue-set-status",
    "orchestrator-tick",
)
#: Verbs of other words than the tool has.
SYNONYMS = {
    "show": "queue-task-detail",
    "detail": "queue-task-detail",
    "status": "orchestrator-status",
    "register": "fairway-projects add",
    "unregister": "fairway-projects remove",
    "db backup": "queue-backup",
    "db export": "queue-snapshot",
    "db snapshot": "queue-snapshot",
    "db migrate": "queue-migrate",
    "db restore": "queue-restore",
    "db verify": "queue-verify",
    "regression list": "regression-packs list",
    "regression show": "regression-packs show",
    "regression validate": "regression-packs validate",
    "packs": "regression-packs",
    "regression": "regression-packs",
    "regression-pack": "regression-packs",
    "reconcile active": "session-reconcile",
    "workflow closeout": "queue-closeout",
    "reconcile sessions": "session-reconcile",
    "session bridge": "subagent-bridge",
    "guard graduate": "guard-graduate",
}
#: First words that stand for another one in the names of tools.
GROUPS = {"coordinator": "orchestrator", "packets": "packet", "sessions": "session", "worktrees": "worktree"}
#: So alike a word has to be to be what was meant.
LIKENESS = 0.65
#: Verbs that people know from Fairway or elsewhere and that no tool answers: the nearest verb, and what differs.
NEAREST = {
    "adoption artifact": ("readiness-report", "gates and gaps are in the readiness report"),
    "parity artifact": ("readiness-report", "gates and gaps are in the readiness report"),
    "audit": ("git-check", "work, branches and commits are compared by git-check"),
    "coordinator plan": ("dispatch", "the plan is the dispatch; nothing is run"),
    "db compat": ("verify", "a store is checked row by row"),
    "harness": ("watcher run", "a run is supervised and kept as evidence"),
    "memory": ("checkpoint record", "where a track stands is a checkpoint"),
    "record notification": ("notify", "who was told is told by notify"),
    "release-run": ("release-verify", "a release is checked against its evidence"),
    "work close": ("set-status", "a task is finished by its status, through the gates"),
    "work start": ("claim", "work begins with a claim"),
    "work status": ("task-detail", "the page of a task says how it stands"),
    "work verify": ("merge-ready", "whether work may be merged is a question of its own"),
    **dict.fromkeys(("next", "todo"), ("tick", "what to do next; fairway ready has what can be claimed")),
    **dict.fromkeys(("task", "tasks", "search"), ("list", "tasks by lane, status or owner; fairway show has one")),
    **dict.fromkeys(("start", "begin", "take", "assign"), ("claim", "work begins with a claim")),
    **dict.fromkeys(("block", "unblock"), ("set-status", "blocked is a status, with a BLOCKED_REASON")),
    **dict.fromkeys(("done", "finish", "complete", "close"), ("set-status", "done is a status, through the gates")),
    **dict.fromkeys(("approve", "reject"), ("record-review", "a verdict is a record, bound to the commit")),
    **dict.fromkeys(("log", "history"), ("activity", "what happened, newest first")),
    **dict.fromkeys(("me", "whoami"), ("prime", "who the caller is, and what is theirs")),
    **dict.fromkeys(("edit", "rename", "move"), ("update", "title, lane and the like of a task that the store owns")),
    **dict.fromkeys(("lane", "lanes"), ("worktree status", "every lane's worktree; config add-lane declares one")),
    "run": ("watcher run", "a command is run and kept as evidence"),
    "workflow check": ("preflight", "a lane is checked before work, merge-ready before a merge"),
}
