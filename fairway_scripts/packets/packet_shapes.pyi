from typing import Literal, TypeAlias

#: What a watcher is told that a packet shows too.
WatcherField: TypeAlias = Literal[
    "process",
    "command",
    "expected_duration",
    "poll_interval",
    "success_condition",
    "failure_condition",
    "allowed_fixes",
    "must_not_touch",
    "escalation_rules",
    "evidence_required",
    "close_condition",
]
