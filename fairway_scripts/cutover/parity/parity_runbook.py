"""What has to be compared before the older scripts can go: the runbook, as stories of steps.

A story starts from the state that was imported, on both sides; its steps follow one another. A step is a tool with
the values of its make variables.
"""

from __future__ import annotations

from typing import NamedTuple

#: Who does the work of the stories, and who tries to take it away.
WORKER, OTHER = "parity-worker", "parity-other"
#: What the merge story changes in the lane's branch.
MERGE_PATH = "packages/services/auth/parity-run.txt"
#: Words for a passing command besides our own: people type them.
SPOKEN_RESULTS = ("ok", "passed", "success")
_RESULTS = ("pass", "fail", "partial", "skipped", "blocked")
_ROUTE = "parity/route-"
_PACKETS: dict[str, dict[str, str]] = {
    "context-packet": {
        "OWNER": WORKER,
        "GOAL": "compare both sides",
        "NON_GOALS": "nothing else",
        "CURRENT_STATE": "a copy",
        "OWNED": "packages/web",
        "MUST_NOT_TOUCH": "cmd",
        "COMMANDS": "make test",
        "ACCEPTANCE": "make test",
        "RISKS": "none known",
        "STOP_CONDITIONS": "two failures",
    },
    "watcher-packet": {
        "WATCH_ID": "PARITY-WATCH",
        "PROCESS": "deploy",
        "COMMAND": "make status",
        "EXPECTED_DURATION": "20m",
        "POLL_INTERVAL": "1m",
        "SUCCESS_CONDITION": "exit:0",
        "FAILURE_CONDITION": "exit:1",
        "ALLOWED_FIXES": "none",
        "CLOSE_CONDITION": "the deploy is done",
    },
    "bugfix-packet": {
        "BUG_SUMMARY": "the queue shows a task twice",
        "ROOT_CAUSE": "two rows for one id",
        "OWNING_LAYER": "store",
        "PROOF_COMMAND": "make test",
        "REGRESSION_COVERAGE": "a test of the import",
        "RESIDUAL_RISK": "none known",
    },
}


class Step(NamedTuple):
    """One call: its id, the tool, the make variables, words that come first, the lane and task that it is about.

    A `quiet` step prepares others, and is only told of when the sides differ in it. `merged` is a commit that is put on
    the integration branch before the step, "" for none.
    """

    id: str
    tool: str
    values: dict[str, str]
    words: tuple[str, ...] = ()
    role: str = ""
    task_id: str = ""
    quiet: bool = False
    merged: str = ""


class Subject(NamedTuple):
    """What the stories are about.

    `lanes`: every lane; `role`, `task_id`: a lane and its first ready task, both "" when nothing is ready; `waiting`:
    a task of the lane that is not ready, "" for none; `routed`: any task, for routes; `branch`, `commit`: the lane's
    branch and the commit on it that the merge story is about; `base`: the commit that is checked out, on the
    integration branch; `reviewers`: the lanes that have to review it; `routes`: the rows of the table of routes.
    """

    lanes: list[str]
    role: str
    task_id: str
    waiting: str
    routed: str
    branch: str
    commit: str
    base: str
    reviewers: list[str]
    routes: list[tuple[str, str]]


def route_branch(position: int) -> str:
    """Return the branch whose one commit changes the path of a row of the table of routes."""
    return f"{_ROUTE}{position + 1}"


def reads(subject: Subject) -> list[list[Step]]:
    """Return what only reads, each a story of its own; what follows from `commit` is not used."""
    found = [Step(f"ready.{lane}", "queue-ready", {"ROLE": lane}, role=lane) for lane in subject.lanes]
    found += [
        Step("validate", "queue-validate", {}),
        Step("git-check", "queue-git-check", {}),
        Step("tick", "orchestrator-tick", {}),
        Step("packs", "regression-packs", {}, ("validate",)),
    ]
    for tool, values in _PACKETS.items():
        about = {"TASK_ID": subject.routed, "OWNER_LANE": subject.role or next(iter(subject.lanes), "")}
        if tool == "bugfix-packet":
            del about["OWNER_LANE"]
        found.append(Step(tool, tool, {**about, **values}, role=subject.role))
    if subject.routed:
        for position, (path, _lane) in enumerate(subject.routes):
            values = {"TASK_ID": subject.routed, "REF": route_branch(position)}
            found.append(Step(f"route:{path}", "queue-route-review", values, task_id=subject.routed))
    return [[step] for step in found]


def changes(subject: Subject) -> list[list[Step]]:
    """Return what changes the record of the subject's task."""
    story = _Story(subject)
    claims = story.begin("claims")
    if subject.waiting:
        story.claim("waiting", OTHER, subject.waiting)
    story.claim("first", WORKER)
    story.claim("taken", OTHER)
    transitions = story.begin("transitions")
    story.claim("claim", WORKER, quiet=True)
    story.status("blocked-without-reason", "blocked")
    story.status("blocked", "blocked", BLOCKED_REASON="waiting for a decision")
    story.status("resumed", "in_progress")
    story.status("done-without-evidence", "done")
    evidence = story.begin("evidence")
    story.claim("claim", WORKER, quiet=True)
    for word in _RESULTS:
        story.evidence(word)
    story.status("done", "done", COMMIT=subject.base)
    story.status("left-done", "in_progress")
    unnamed = story.begin("unnamed-commit")  # one side may take a commit for it, the other none
    story.claim("claim", WORKER, quiet=True)
    story.evidence("pass")
    story.status("done", "done")
    stories = [claims, transitions, evidence, unnamed]
    for word in SPOKEN_RESULTS:
        stories.append(story.begin(f"spoken-{word}"))
        story.claim("claim", WORKER, quiet=True)
        story.evidence(word)
    stories.append(story.begin("merge"))
    _merge(story, subject)
    return stories


def _merge(story: _Story, subject: Subject) -> None:
    story.claim("claim", WORKER, quiet=True)
    story.merge_ready("nothing-recorded")
    story.evidence("pass")
    handoff = {"COMMANDS": "make test", "RESULTS": "pass", "CHANGED_FILES": MERGE_PATH}
    handoff |= {"OWNER": WORKER, "BRANCH": subject.branch, "COMMIT": subject.commit}
    story.add("handoff", "queue-record-handoff", handoff)
    story.add("route", "queue-route-review", {"REF": subject.commit})
    story.merge_ready("not-reviewed")
    for lane in subject.reviewers:
        verdict = {"REVIEWER_ROLE": lane, "REVIEWER": f"parity-{lane}", "STATUS": "approved", "COMMIT": subject.commit}
        story.add(f"review-{lane}", "queue-record-review", verdict)
    story.merge_ready("reviewed")
    story.status("done", "done", COMMIT=subject.commit)
    story.steps[-1] = story.steps[-1]._replace(merged=subject.commit)


class _Story:
    """Steps about the subject's task, written one after another."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.name = ""
        self.steps: list[Step] = []

    def begin(self, name: str) -> list[Step]:
        """Return a new story; its steps are added to the list that is returned."""
        self.name, self.steps = name, []
        return self.steps

    def add(self, name: str, tool: str, values: dict[str, str], *, quiet: bool = False, task_id: str = "") -> None:
        """One more step; a value "" is left out."""
        task_id = task_id or self.subject.task_id
        given = {"TASK_ID": task_id, **values}
        given = {key: value for key, value in given.items() if value}
        self.steps.append(Step(f"{self.name}.{name}", tool, given, (), self.subject.role, task_id, quiet))

    def claim(self, name: str, owner: str, task_id: str = "", *, quiet: bool = False) -> None:
        """Add a claim of the task by somebody."""
        self.add(name, "queue-claim", {"ROLE": self.subject.role, "OWNER": owner}, quiet=quiet, task_id=task_id)

    def status(self, name: str, status: str, **more: str) -> None:
        """Add a change of status."""
        self.add(name, "queue-set-status", {"STATUS": status, **more})

    def evidence(self, word: str) -> None:
        """Add a command that was run, with its result."""
        self.add(f"evidence-{word}", "queue-record-evidence", {"COMMAND_TEXT": "make test", "RESULT": word})

    def merge_ready(self, name: str) -> None:
        """Add the question whether the commit may be merged."""
        self.add(f"merge-ready-{name}", "queue-merge-ready", {"REF": self.subject.commit})
