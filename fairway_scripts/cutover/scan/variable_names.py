"""What the variables and flags of other suites are called that mean ours. Data only."""

from __future__ import annotations

#: What variables and flags of other suites are called that mean the same: word -> ours, the first that the tool takes.
MEANS = {
    "TASK_ID": ("T", "TASK", "ID", "TICKET", "ITEM", "ISSUE", "TID", "JOB"),
    "ROLE": ("LANE", "TEAM", "AGENT_ROLE", "R", "TRACK"),
    "REVIEWER_ROLE": ("AS", "LANE", "TEAM", "ROLE"),
    "REVIEWER": ("BY", "WHO", "READER", "OWNER"),
    "OWNER": ("WHO", "AS", "BY", "AGENT", "USER", "NAME", "GIVER", "O"),
    "STATUS": ("STATE", "S", "VERDICT", "SAYS", "TO", "OUTCOME"),
    "RESULT": ("R", "OUTCOME", "EXIT_CODE", "EXIT_STATUS", "RC", "SAYS", "VERDICT", "RES", "STATUS"),
    "COMMAND_TEXT": ("CMD", "COMMAND", "RAN", "RUN", "C"),
    "COMMANDS": ("CMDS", "CMD", "RAN"),
    "RESULTS": ("CAME_OUT", "OUTCOMES", "RESULT"),
    "CHANGED_FILES": ("FILES", "PATHS", "CHANGED"),
    "COMMIT": ("SHA", "REV", "REVISION", "HASH"),
    "REF": ("SHA", "REV", "REVISION", "COMMIT", "HEAD"),
    "BRANCH": ("ON", "TOPIC", "B"),
    "LIMIT": ("N", "MAX", "COUNT"),
    "BLOCKED_REASON": ("WHY", "BECAUSE", "REASON", "REASON_TEXT"),
    "REASON": ("WHY", "BECAUSE", "MSG", "MESSAGE"),
    "NOTE": ("MSG", "MESSAGE", "REMARK", "TEXT", "BODY"),
    "NOTES": ("MSG", "MESSAGE", "REMARK", "TEXT", "BODY", "NOTE", "SUMMARY"),
    "SUMMARY": ("SAYS", "MSG", "MESSAGE", "TEXT"),
    "SESSION_ID": ("SESSION", "SEAT"),
    "EXIT_CODE": ("CODE", "RC"),
    "TRACK_ID": ("TRACK",),
    "TARGET_CLOSE_BY": ("DUE", "BY"),
    "PACK_ID": ("PACK",),
    "RISKS": ("HAZARDS",),
    "NEXT_STEP": ("NEXT",),
    "TO_ROLE": ("FOR", "TO"),
    "DURATION_SECONDS": ("TOOK", "SECONDS"),
    "ARTIFACT_PATH": ("FILE", "ARTIFACT", "LOG"),
    "BACKEND": ("VIA",),
    "PROVIDER": ("TOOL",),
    "QUEUE_DB": ("DATABASE", "DB", "STORE", "DB_FILE", "DB_PATH"),
    "JSON": ("AS_JSON",),
    "DRY_RUN": ("PREVIEW", "NOOP"),
}

#: What verbs do to a task that is no state's word: `board close B-1`.
VERBS = {
    **dict.fromkeys(("close", "finish", "complete"), "done"),
    **dict.fromkeys(("block", "hold", "park"), "blocked"),
}
#: What a tool of the day does nothing without; some say it in one of two ways.
NEEDS = {
    "queue-set-status": ("TASK_ID", "STATUS"),
    "queue-record-evidence": ("TASK_ID", "COMMAND_TEXT", "RESULT"),
    "queue-record-handoff": ("TASK_ID",),
    "queue-route-review": ("TASK_ID|PATHS",),
    "queue-record-review": ("TASK_ID", "REVIEWER_ROLE", "STATUS"),
    "queue-merge-ready": ("TASK_ID",),
}
