"""Everything that comparing the queue with git needs to know, gathered in a fixed number of git processes."""

from __future__ import annotations

import os
from collections import deque
from datetime import datetime, timezone
from threading import Thread

from fairway_scripts.base import clock
from fairway_scripts.base import settings as choices
from fairway_scripts.git.git import apart, ask, base_ref, is_shallow, is_taken_in, resolve_many
from fairway_scripts.git.git_status import read_state, status
from fairway_scripts.git.lane_state import lane_worktree
from fairway_scripts.git.references import worktrees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NotRequired, TypedDict

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.git.git_status import Counting, Parsed, TreeState
    from fairway_scripts.git.lane_state import LanePlace

    class Tip(TypedDict):
        """A local branch."""

        head: str
        committed_at: str

    class Base(TypedDict):
        """The integration branch that is measured against; no head where there is no such branch."""

        name: str
        head: str | None

    class CommitFacts(TypedDict):
        """A commit that a task names: no id for one that git does not know, None where nobody can tell."""

        sha: str | None
        integrated: bool | None

    class Outside(TypedDict):
        """A commit that is not integrated."""

        committed_at: str
        parents: list[str]
        message: str

    class Unmerged(TypedDict):
        """A commit of a branch that is not integrated; `parents` is how many it has."""

        sha: str
        branch: str
        committed_at: str
        parents: int
        message: str

    class HostPlace(TypedDict):
        """A worktree of a lane on another machine."""

        host: str
        path: str

    class LaneSurvey(LanePlace):
        """A lane's worktree and branch; the distance is that of the branch from the base."""

        lane: str
        branch: str | None
        expected_branch: str
        branch_exists: bool
        dirty: bool
        changed_count: int
        changed_files: list[str]
        ahead: int | None
        behind: int | None
        merged: bool
        #: its worktrees on other machines, which git here knows nothing of
        elsewhere: NotRequired[list[HostPlace]]

    class Survey(TypedDict):
        """What git says of the lanes and of what tasks name, see `survey`."""

        base: Base
        shallow: bool
        branches: dict[str, Tip]
        commits: dict[str, CommitFacts]
        unmerged: list[Unmerged]
        lanes: list[LaneSurvey]


_HEADS = "refs/heads/"
_REMOTES = "refs/remotes/"
#: id, commit time, parents, message; NUL ends each, as no message can hold one
_LOG_FORMAT = "%H%x00%ct%x00%P%x00%B%x00"
_LOG_FIELDS = 4


def survey(
    repo: Repository,
    settings: Settings,
    lanes: list[str],
    commits: list[str],
    branches: list[str],
    *,
    worktree_root: str = "",
    base: str = "",
    counting: Counting | None = None,
) -> Survey:
    """What git says about the lanes, the `commits` that tasks name and the `branches` that tasks and lanes work on.

    JSON-ready:
    `base` {name, head}: the integration branch measured against (`head` None when there is no such branch);
    `shallow`: whether the history of this clone is cut off, so that what git does not know may be there all the same;
    `branches` {name: {head, committed_at}}: every local branch;
    `commits` {as given: {sha, integrated}}: `sha` None when unknown, `integrated` None when there is no base, or when
    a shallow clone cannot tell;
    `unmerged` [{sha, branch, committed_at, parents, message}]: commits of the branches that are not integrated,
    newest first, each under the first branch that has it, the lanes' branches before the others;
    `lanes` [{lane, path, exists, branch, expected_branch, branch_exists, dirty, changed_count, changed_files, ahead,
    behind, merged}]: in the order asked, `ahead` and `behind` of the lane's own branch against the base, None when
    unknown, `merged` whether the base has all that it changed, under other commits (`is_taken_in`).

    A commit is integrated when it is on the integration branch, here or as last seen on `origin`: between
    merging and pushing, and again between others' pushes and the next pull, only one of them has it.

    Git processes: three, and at most three for each lane (`git status` when its worktree exists, `git rev-list` when
    its branch is not at the tip of the base, `git merge-tree` when each has commits of its own), however many tasks,
    commits and branches there are.
    """
    heads, remotes = _references(repo)
    name = base_ref(repo.common_dir, settings["fairway"]["main_branch"], base)
    known = resolve_many(repo.common_dir, [name, *commits])
    tip = known[name]
    integration = _integration_tips(settings, name, tip, heads, remotes)
    wanted = [*(choices.lane_branch(settings, lane) for lane in lanes), *branches]
    tips = {branch: heads[branch]["head"] for branch in wanted if branch in heads}
    shallow = is_shallow(repo.common_dir)
    outside = _outside(repo, [*tips.values(), *(sha for sha in known.values() if sha)], integration)
    listed = worktrees(repo)
    places = {lane: lane_worktree(repo, settings, lane, worktree_root, listed) for lane in lanes}
    there = dict.fromkeys(place["path"] for place in places.values() if place["exists"])  # lanes may share one
    states = _at_once(read_state, list(there))

    def look(lane: str) -> LaneSurvey:
        path = places[lane]["path"]
        state = status(path, counting, states[path]) if path in states else None
        return _lane(repo, path, state, lane, choices.lane_branch(settings, lane), heads, tip)

    return {
        "base": {"name": name, "head": tip},
        "shallow": shallow,
        "branches": heads,
        "commits": {given: _commit_facts(known[given], outside, integration, shallow=shallow) for given in commits},
        "unmerged": _by_branch(outside, tips),
        "lanes": [look(lane) for lane in lanes],
    }


def _at_once(read: Callable[[str], Parsed], paths: list[str]) -> dict[str, Parsed]:
    """What is read of each work tree, by its path; one a processor at a time, because git is what takes long.

    Raises what reading raises, that of the first work tree before others.
    """
    left, found = deque(paths), {}
    faults: dict[str, Exception] = {}

    def work() -> None:
        while True:
            try:
                path = left.popleft()
            except IndexError:  # every one is taken
                return
            try:
                found[path] = read(path)
            except Exception as fault:  # noqa: BLE001 - raised where the reading is asked for
                faults[path] = fault

    threads = [Thread(target=work) for _ in range(min(len(paths), os.cpu_count() or 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path in paths:
        if path in faults:
            raise faults[path]
    return found


def _references(repo: Repository) -> tuple[dict[str, Tip], dict[str, str]]:
    """Local branches with head and commit time, and remote branches with their head."""
    fields = "%(refname) %(objectname) %(committerdate:unix)"
    heads: dict[str, Tip] = {}
    remotes: dict[str, str] = {}
    out = ask(repo.common_dir, "for-each-ref", f"--format={fields}", _HEADS, _REMOTES)
    for line in filter(None, os.fsdecode(out).split("\n")):
        reference, sha, seconds = line.split(" ")
        if reference.startswith(_HEADS):
            heads[reference.removeprefix(_HEADS)] = {"head": sha, "committed_at": _time(seconds)}
        else:
            remotes[reference.removeprefix(_REMOTES)] = sha
    return heads, remotes


def _integration_tips(
    settings: Settings, name: str, tip: str | None, heads: dict[str, Tip], remotes: dict[str, str]
) -> list[str]:
    """The commits whose history is the integrated work, without repeats."""
    main = settings["fairway"]["main_branch"]
    tips = [tip]
    if name in {main, f"origin/{main}"}:
        tips += [heads[main]["head"] if main in heads else None, remotes.get(f"origin/{main}")]
    return sorted({sha for sha in tips if sha})


def _outside(repo: Repository, tips: list[str], integration: list[str]) -> dict[str, Outside]:
    """Commits in the history of `tips` that are not integrated, by id, newest first; `parents` are ids."""
    if not integration or not tips:
        return {}
    feed = "".join(f"{line}\n" for line in [*tips, *("^" + tip for tip in integration)]).encode()
    arguments = ["log", "--stdin", "--date-order", "--no-color", "--encoding=UTF-8", "--no-show-signature"]
    out = ask(repo.common_dir, *arguments, "--no-patch", "--no-notes", f"--format=tformat:{_LOG_FORMAT}", feed=feed)
    fields = out.decode("utf-8", "replace").split("\0")
    found: dict[str, Outside] = {}
    for start in range(0, len(fields) - 1, _LOG_FIELDS):
        sha, seconds, parents, message = fields[start : start + _LOG_FIELDS]
        # the line end of the record before stands in front of the id
        found[sha.lstrip("\n")] = {
            "committed_at": _time(seconds),
            "parents": parents.split(),
            "message": message.strip("\n"),
        }
    return found


def _by_branch(outside: dict[str, Outside], tips: dict[str, str]) -> list[Unmerged]:
    """Each commit under the first branch whose history has it; commits of no branch are left out.

    `git log --source` cannot say this: it names the commit that a task records where that lies on a branch.
    """
    branch_of: dict[str, str] = {}
    for branch, tip in tips.items():
        waiting = [tip]
        while waiting:
            sha = waiting.pop()
            if sha in outside and sha not in branch_of:
                branch_of[sha] = branch
                waiting += outside[sha]["parents"]
    return [
        {"sha": sha, "branch": branch_of[sha], **entry, "parents": len(entry["parents"])}
        for sha, entry in outside.items()
        if sha in branch_of
    ]


def _commit_facts(
    sha: str | None, outside: dict[str, Outside], integration: list[str], *, shallow: bool
) -> CommitFacts:
    if not sha or not integration or (shallow and sha in outside):
        return {"sha": sha, "integrated": None}
    return {"sha": sha, "integrated": sha not in outside}


def _lane(
    repo: Repository,
    path: str,
    state: TreeState | None,
    lane: str,
    expected: str,
    heads: dict[str, Tip],
    tip: str | None,
) -> LaneSurvey:
    files = state["changed_files"] if state else []
    head = heads[expected]["head"] if expected in heads else None
    ahead = behind = None
    if head is not None and tip is not None:
        ahead, behind = (0, 0) if head == tip else apart(repo.common_dir, tip, head)
    return {
        "lane": lane,
        "path": path,
        "exists": state is not None,
        "branch": state["branch"] if state else None,
        "expected_branch": expected,
        "branch_exists": head is not None,
        "dirty": state is not None and state["dirty"],
        "changed_count": len(files),
        "changed_files": files[:10],
        "ahead": ahead,
        "behind": behind,
        "merged": bool(ahead and behind) and is_taken_in(repo.common_dir, str(tip), str(head)),
    }


def _time(seconds: str) -> str:
    return clock.text(datetime.fromtimestamp(int(seconds), timezone.utc))
