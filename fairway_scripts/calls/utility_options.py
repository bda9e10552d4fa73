"""The make variables of utilities, review shapes, gates and trusted runs."""

from __future__ import annotations

from fairway_scripts.catalog.tool import EVIDENCE

#: What ADAPTER may name: the forms of a report of a build. Those in JSON are read by `utilities/ci/ci_NAME.py`.
CI_FORMS = ("auto", "junit", "github", "gitlab", "tap", "generic", "log")

#: make variable -> (metavar, help), as in `variables.VALUES`.
VALUES: dict[str, tuple[str, str]] = {
    "ATTACH_TO": ("TASK_ID", "also record the artifact as evidence of this task, with its path, size and sha256"),
    "COMMAND_CLASS": ("WORD", "the class of commands, as [[trusted_commands]] names it"),
    "APPROVED_BY": ("NAME", "who approves; nobody who does the work"),
    "EXPIRES": ("WHEN", "when it ends: a span from now such as 8h, a day or a time"),
    "COMMANDS_FILE": ("FILE", "the commands that were run, with their results; - reads standard input"),
    "ARTIFACTS": ("FILE", "a file that belongs to the bundle (repeatable; one a line)"),
    "MANIFEST": ("FILE", "a manifest that evidence-bundle wrote"),
    "SHAPE": ("WORD", "the shape of review that is enough: light or paired"),
    "REVIEW_DOMAIN": ("WORD", "the review domain that it is about, such as ops; default: the whole lane"),
    "WAIVER": ("ID", "the waiver that the verdict is about, instead of the change"),
    "FINDINGS_COUNT": ("N", "how many findings the review has; left out, it is unknown"),
    "DOCUMENT": ("FILE", "a report to read (repeatable; one a line); - is standard input"),
    "LOG": ("FILE", "the log that goes with it; - is standard input"),
    "ADAPTER": ("WORD", f"what the report is: {', '.join(CI_FORMS[:-1])} or {CI_FORMS[-1]}"),
    "EXPECTED": ("FILE", "what has to be deployed; - is standard input"),
    "OBSERVED": ("FILE", "what is deployed (repeatable; one a line); - is standard input"),
    "EXPECTED_COMMAND": ("TEXT", "a command that prints what has to be deployed"),
    "OBSERVED_COMMAND": ("TEXT", "a command that prints what is deployed, such as kubectl get deploy -o json"),
    "FLOWS": ("FILE", "the hand-kept catalogue of flows, with the results that people saw; - is standard input"),
    "UNTIL": ("WHEN", "only what happened before: a time, a date, or an age such as 12h"),
    **{name: (metavar, about) for name, (metavar, about, _label) in EVIDENCE.items()},
    "GATE": ("NAME", "a gate of the workstream profile"),
    "GUARD_MODE": ("WORD", "how the guard ran: report_only, warning or blocking"),
    "MODE": ("WORD", "what a missing record does from now on: report_only, advisory or blocking"),
    "PORT": ("N", "the port; 0 for any that is free; default: dashboard.port"),
    "PROJECTS": ("DIRS", "further checkouts to show, separated by commas; default: dashboard.projects"),
    "GAP_LIMIT": ("N", "at most N tasks that miss a gate are shown for each gate; default: 5"),
    "SINCE_TAG": ("TAG", "the release before; default: the last tag before REF"),
    "AT": (
        "WHEN",
        "the time that the artifact names and counts ages from, UTC without a zone; default: none is named",
    ),
}
SWITCHES: dict[str, str] = {
    "DEFER": "put the approval off until EXPIRES, instead of letting it go",
    "APPLY": "do it, in one transaction; else it is only shown",
    "WATCH": "ask again and again: ci-packet until COMMAND is decided, others to show each change",
    "EXIT_STATUS": "exit 1 unless what was observed passed",
    "WITHDRAW": "take back what was recorded",
    "READ_ONLY": "only show: nothing can be changed from the browser",
}
