"""Made-up queue files with the shape of a real one: for demonstrations, tests and measurements."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.formats.ruby_reading import ruby_reads_differently

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The proportions of the described queue: 406 tasks.
STATUSES = {"done": 279, "todo": 123, "blocked": 4}
LANES = {"A-backend": 233, "B-ui": 123, "C-ops": 50}
_STATES = ("todo", "in_progress", "blocked", "done")

_AREAS = {
    "A": ("PROV", "BILL", "AUTH", "TERM", "NODE", "PAY", "APPRT", "DEMO", "P7", "AUDIT", "QUOTA", "EVENT"),
    "B": ("V3", "DASH", "BILLUI", "ADMIN", "TERMUI", "ONBOARD", "ALERT", "THEME", "FORMS", "NAV"),
    "C": ("CI", "DEPLOY", "OBS", "KIND", "BACKUP", "SECRETS", "RELEASE", "NET"),
}
_FEATURES = ("SCHED", "ACK", "RETRY", "LIMIT", "SYNC", "EXPORT", "HEALTH", "STATE", "INDEX", "GRACE", "ROTATE", "PAGE")
_VERBS = ("Add", "Harden", "Extract", "Persist", "Expose", "Simplify", "Verify", "Replace", "Document", "Bound")
_THINGS = {
    "A": ("the allocation scheduler", "usage metering", "session tokens", "node leases", "the payment ledger"),
    "B": ("the acknowledge control", "the usage dashboard", "the terminal pane", "the admin table", "form errors"),
    "C": ("the staging rollout", "pipeline caching", "backup rotation", "cluster probes", "secret rotation"),
}
_QUALITIES = (
    "across restarts",
    "under load",
    "for shared nodes",
    "with bounded retries",
    "without polling",
    "behind one contract",
    "for every region",
    "on slow links",
)
_TARGETED = {
    "A": (
        "go test ./packages/services/{area}/...",
        "cd packages/services/{area} && go test -race ./...",
        "CGO_ENABLED=0 go vet ./packages/services/{area}/...",
    ),
    "B": (
        "pnpm --dir packages/web test -- {feature}",
        "pnpm --dir packages/web exec playwright test {feature}.spec.ts",
        'rg -n "{feature}" packages/web/src',
    ),
    "C": (
        "bash scripts/ops/{area}_{feature}.sh --dry-run",
        "bash -n scripts/ops/{area}_{feature}.sh",
        "kubectl kustomize infra/{area}",
    ),
}
_BROADER = {"A": "make test-backend", "B": "pnpm --dir packages/web typecheck", "C": "scripts/ci/pipeline_check.sh"}
_CONTRACT = "scripts/ci/contracts_validate.sh"
_QUEUE_CHECKS = (
    "make queue-git-check",
    "ruby scripts/ops/agent_queue_store.rb --queue-file doc/governance/Agent_Work_Queue.yaml validate",
)
_DETAILS = (
    "keep the public contract unchanged for callers that have not moved yet",
    "record the measured numbers beside the change, not in the ticket",
    "state survives a restart in the middle of the operation",
    "errors name the resource and the next step",
    "no new dependency without a line in the decision log",
    "the old path stays until the parity run is clean",
    "writes are idempotent when a worker retries",
    "limits come from configuration and have a tested default",
    "logs carry the request id and never a secret",
    "review covers the failure path as well as the happy path",
)
_READING = (
    "doc/architecture/Runtime.md",
    "doc/architecture/Provisioning.md",
    "doc/governance/Agent_Queue.md",
    "doc/api/openapi.draft.yaml",
    "doc/architecture/Events.md",
    "doc/governance/Review_Rules.md",
)

#: Tasks of a lane that stay ready whatever the dice say, so that every lane has work at once.
_SURELY_READY = 6
_OPEN_DEPENDENCY_SHARE = 0.45
#: Dependencies reach back only so far, as they do in a queue that grew over months.
_REACH = 60


class _Task(NamedTuple):
    id: str
    letter: str
    lane: str
    area: str
    feature: str
    status: str
    dependencies: list[str]


def generate_queue(
    tasks: int = 406,
    seed: int = 1,
    *,
    statuses: Mapping[str, int] | None = None,
    done_share: float | None = None,
    lanes: Mapping[str, int] | None = None,
    lines_per_task: int = 40,
    commits: Sequence[str] = (),
    updated_at: str = "2026-05-04",
) -> str:
    """The YAML text of a queue file with `tasks` tasks; equal arguments give equal text.

    By default 279 done, 123 todo and 4 blocked of 406 over the lanes A-backend, B-ui and C-ops (233/123/50), in
    the same proportions at any other size, about 40 lines a task. `statuses` and `lanes` give other weights,
    `done_share` (0..1) the part that is done, `lines_per_task` the mean length (at least about 20),
    `commits` the commits that done tasks carry in turn (default: 8 hexadecimal digits of chance).

    The text is valid under the strict profile: dependencies point to earlier tasks, done tasks depend on done
    tasks, some todo tasks wait for open ones, others are ready. Raises ValueError for sizes below 0 and for
    statuses that a queue does not have.
    """
    if tasks < 0:
        raise ValueError(f"cannot make {tasks} tasks")
    weights = dict(statuses or STATUSES)
    if not set(weights) <= set(_STATES):
        raise ValueError(f"unknown status among {', '.join(weights)}; known: {', '.join(_STATES)}")
    if done_share is not None:
        weights = _with_done_share(weights, done_share)
    chance = random.Random(seed)
    plan = _plan(chance, _apportioned(weights, tasks), _apportioned(lanes or LANES, tasks))
    lines = _header(updated_at, list(lanes or LANES))
    finished = 0
    for task in plan:
        commit = ""
        if task.status == "done":
            commit = commits[finished % len(commits)] if commits else f"{chance.getrandbits(32):08x}"
            finished += 1
        _write_task(lines, task, chance, commit, lines_per_task)
    return "\n".join(lines) + "\n"


def _with_done_share(weights: Mapping[str, int], share: float) -> dict[str, int]:
    if not 0 <= share <= 1:
        raise ValueError(f"done_share must lie between 0 and 1, not {share}")
    rest = {status: weight for status, weight in weights.items() if status != "done"} or {"todo": 1}
    total = sum(rest.values())
    fine = 1_000_000
    scaled = {status: round(fine * (1 - share) * weight / total) for status, weight in rest.items()}
    return {"done": round(fine * share), **scaled}


def _apportioned(weights: Mapping[str, int], total: int) -> list[str]:
    """`total` names in the proportion of their weights: whole parts first, then the largest remainders."""
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError("weights must be 0 or more, and one of them above 0")
    counts = {name: total * weight // whole for name, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda name: -(total * weights[name] % whole))
    for name in by_remainder[: total - sum(counts.values())]:
        counts[name] += 1
    return [name for name, count in counts.items() for _ in range(count)]


def _plan(chance: random.Random, statuses: list[str], lanes: list[str]) -> list[_Task]:
    chance.shuffle(statuses)
    chance.shuffle(lanes)
    numbers: dict[tuple[str, str], int] = {}
    ready: dict[str, int] = {}
    done: list[str] = []
    unfinished: list[str] = []
    plan = []
    for status, lane in zip(statuses, lanes, strict=True):
        letter = lane[:1] if lane[:1] in _AREAS else "A"
        area, feature = chance.choice(_AREAS[letter]), chance.choice(_FEATURES)
        number = numbers[area, feature] = numbers.get((area, feature), 0) + 1
        task_id = f"{lane[:1].upper()}-{area}-{feature}-{number:03d}"
        dependencies = _some(chance, done, 2)
        if status in ("todo", "blocked") and unfinished:
            waits = status == "blocked" or ready.get(lane, 0) >= _SURELY_READY
            if waits and chance.random() < _OPEN_DEPENDENCY_SHARE:
                dependencies = dependencies[:1] + _some(chance, unfinished, 2, least=1)
            else:
                ready[lane] = ready.get(lane, 0) + 1
        plan.append(_Task(task_id, letter, lane, area, feature, status, dependencies))
        (done if status == "done" else unfinished).append(task_id)
    return plan


def _some(chance: random.Random, ids: list[str], most: int, least: int = 0) -> list[str]:
    count = min(chance.randint(least, most), len(ids))
    return sorted(chance.sample(ids[-_REACH:], count))


def _header(updated_at: str, lanes: list[str]) -> list[str]:
    lines = ["version: 1", f"updated_at: '{updated_at}'", "states:"]
    lines += [f"- {state}" for state in _STATES]
    lines += ["roles:", *(f"- {lane}" for lane in lanes)]
    return [*lines, "tasks:"]


def _write_task(lines: list[str], task: _Task, chance: random.Random, commit: str, lines_per_task: int) -> None:
    begun = task.status != "todo"
    owner = f"{task.letter}" if begun else "''"
    branch = f"agent/{task.lane}" if begun else "''"
    day = f"'2026-{chance.randint(1, 4):02d}-{chance.randint(1, 28):02d}'" if task.status == "done" else "''"
    start = len(lines)
    lines += [
        f"- id: {task.id}",
        f"  title: {chance.choice(_VERBS)} {chance.choice(_THINGS[task.letter])} {chance.choice(_QUALITIES)}",
        f"  role: {task.lane}",
        f"  status: {task.status}",
        f"  priority: {chance.choices((1, 2, 3, 4, 5), (2, 4, 5, 3, 1))[0]}",
        f"  owner: {owner}",
        f"  branch: {branch}",
        f"  completed_at: {day}",
        f"  commit: {_quoted(commit)}",
    ]
    lines += (
        ["  depends_on:", *(f"  - {one}" for one in task.dependencies)] if task.dependencies else ["  depends_on: []"]
    )
    lines.append("  acceptance_checks:")
    lines += [f"  - {check}" for check in _checks(task, chance)]
    lines.append("  notes: |")
    room = lines_per_task + chance.randint(-6, 6) - (len(lines) - start)
    lines += [f"    {line}" for line in _notes(task, chance, room)]


def _quoted(commit: str) -> str:
    plain = bool(commit) and ruby_reads_differently(commit) is None
    return commit if plain else f"'{commit}'"


def _checks(task: _Task, chance: random.Random) -> list[str]:
    area, feature = task.area.lower(), task.feature.lower()
    checks = [chance.choice(_TARGETED[task.letter]).format(area=area, feature=feature), _BROADER[task.letter]]
    if chance.random() < 0.2:
        checks.append(_CONTRACT)
    if chance.random() < 0.3:
        checks.append(chance.choice(_QUEUE_CHECKS))
    return checks


def _notes(task: _Task, chance: random.Random, room: int) -> list[str]:
    """The six sections as inline labels; bullets fill `room` lines."""
    thing = chance.choice(_THINGS[task.letter])
    sections: list[list[str]] = [
        [f"Context: {thing} still behaves as it did in the first release; {chance.choice(_DETAILS)}."],
        [f"Pre-read (required): {chance.choice(_READING)}"],
        ["Invariants (must not break):"],
        [f"Scope: in - {task.area.lower()} {task.feature.lower()}; out - anything another lane owns."],
        ["Deliverables:"],
        ["Evidence required in handoff: files changed, commit SHA, exact acceptance commands, result summary."],
    ]
    bullets = (3, 5, 3, 4, 5, 4)
    spare = room - len(sections)
    while spare > 0:
        section = sections[chance.choices(range(6), bullets)[0]]
        section.append(f"- {chance.choice(_DETAILS)}")
        spare -= 1
    return [line for section in sections for line in section]
