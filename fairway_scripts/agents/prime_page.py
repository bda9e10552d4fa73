"""The page that a session begins with, as text of a bounded length; what is left out is said."""

from __future__ import annotations

from fairway_scripts.base.errors import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.agents.agent_shapes import JudgedTask, PrimeFacts

#: Agent programs cut what a hook gives them; this page is never longer, the mark of what was left out included.
LONGEST = 3_999
_LINE = 160
_COMMAND = 700
_ROWS = 3
_MARK = 120
_RULES = (
    "Work and commit in the lane's worktree; one task at a time. Fill in what stands in <angle brackets>. A result is",
    "what a command gave, a verdict is another lane's. Every refusal prints the line that mends it: run that one next.",
    "After each step, run `{prime}` again. All commands: `{all}`.",
)


def page(facts: PrimeFacts, judged: list[JudgedTask]) -> str:
    """The page of `prime.gather`, with the next lines first; under 4,000 characters."""
    head = [_title(facts), *_place(facts), "", "Next:"]
    for place, step in enumerate(facts["next"], 1):
        head += [f"{place}. {_short(step['why'])}:", f"   {_fitting(step['command'])}"]
    rules = [line.format(prime=suggest("fairway-prime"), all=suggest("queue-help")) for line in _RULES]
    body = [*_work(facts, judged), *_asked(facts), *_ready(facts)]
    room = LONGEST - _MARK - sum(len(line) + 1 for line in (*head, "", "", *rules))
    kept: list[str] = []
    for line in body:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    if len(kept) < len(body):
        kept.append(f"[{len(body) - len(kept)} more lines are left out: {suggest('orchestrator-status')}]"[:_MARK])
    return "\n".join([*head, "", *kept, "", *rules]) + "\n"


def _title(facts: PrimeFacts) -> str:
    if not facts["lane"]:
        why = f" ({_short(facts['lane_found'])})" if facts["lane_found"] else ""
        return f"# fairway: work state of {_short(facts['project'])}, no lane{why}, as {_short(facts['actor'])}"
    return (
        f"# fairway: work state of {_short(facts['project'])}, lane {facts['lane']} "
        f"(by {_short(facts['lane_found'])}), as {_short(facts['actor'])}"
    )


def _place(facts: PrimeFacts) -> list[str]:
    if not facts["worktree"]:
        return []
    here = (
        "you stand in it" if facts["in_worktree"] else "work and commit there" if facts["has_worktree"] else "missing"
    )
    return [_short(f"Worktree of the lane ({here}): {facts['worktree']}")]


def _work(facts: PrimeFacts, judged: list[JudgedTask]) -> list[str]:
    lines = []
    for row in judged:
        whose = "yours" if row["mine"] else f"claimed by {row['claimant']}" if row["claimant"] else "claimed by nobody"
        lease = f", lease {'ran out' if row['over_lease'] else 'until'} {row['lease_expires_at']}"
        commit = row["commit_sha"][:12] or "no commit yet"
        lines.append(_short(f"{row['task_id']} [{row['status']}, {whose}] {row['title']}"))
        lines.append(
            _under(f"fence {row['fence']}{lease if row['lease_expires_at'] else ''}, owner {row['owner'] or '-'}")
        )
        lines.append(_under(f"branch {row['branch'] or '-'} at {commit}"))
        checks = row["acceptance_checks"]
        if checks:
            more = f" (+{len(checks) - 1} more)" if len(checks) > 1 else ""
            lines.append(_under(f"accepted by: {checks[0]}") + more)
        lines.append(_under(f"{'waits' if row['waits'] else 'missing'}: {row['missing'] or 'nothing'}"))
        if row["last_no"]:
            lines.append(_under(f"last no: {row['last_no']}"))
    return lines + _more(facts["work"], "tasks in work here")


def _asked(facts: PrimeFacts) -> list[str]:
    lines = [_short(f"To review: {row['task_id']} {row['title']}") for row in facts["asked"][:_ROWS]]
    lines += _more(facts["asked"], "to review")
    lines += [_short(f"Handed over to you: {row['task_id']} {row['title']}") for row in facts["told"][:_ROWS]]
    return lines + _more(facts["told"], "handed over")


def _ready(facts: PrimeFacts) -> list[str]:
    if not facts["lane"]:
        counts = ", ".join(f"{row['lane']} {row['tasks']}" for row in facts["ready_by_lane"])
        return [_short(f"Ready: {counts or 'nothing'}")]
    lines = [f"Ready in this lane: {facts['ready_total']}"]
    return lines + [_under(f"{row['id']} {row['title']}") for row in facts["ready"]]


def _more(rows: Sequence[object], what: str) -> list[str]:
    return [f"  (+{len(rows) - _ROWS} more {what})"] if len(rows) > _ROWS else []


def _short(text: str) -> str:
    """Text as one line of bounded length; what is stored may not end a line or steer a terminal."""
    plain = " ".join(str(text).split())
    plain = "".join(char if char.isprintable() else "?" for char in plain)
    return plain if len(plain) <= _LINE else plain[: _LINE - 1] + "…"


def _under(text: str) -> str:
    return "  " + _short(text)


def _fitting(command: str) -> str:
    """A command as it runs; one that is too long to show is named instead, never cut."""
    return command if len(command) <= _COMMAND else f"(too long to show here) {suggest('orchestrator-tick')}"
