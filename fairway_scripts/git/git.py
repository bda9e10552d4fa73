"""What git knows about commits, branches and changes. Everything here reads; nothing writes to a repository.

A revision is what git accepts as one (full or short id, branch, tag, `HEAD~2`). Commit ids come out in full.
Paths come out as git has them, relative to the top of the repository, bytes outside UTF-8 kept as in file names.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.paths import find_repository
from fairway_scripts.git.references import exact_name, read_ref
from fairway_scripts.programs.spawn import run_quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE_BREAKERS = frozenset("\n\r\0")

#: A commit-graph file is a copy of what the commits say, which nothing checks against them.
TRUE_HISTORY = ("-c", "core.commitGraph=false")

#: Flags that make a diff a function of the two commits alone, whatever the user's git settings are.
PLAIN_PATCH = (
    "--patch",
    "--full-index",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--unified=3",
    "--inter-hunk-context=0",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--submodule=short",
    "--ignore-submodules=none",
)


def ask(place: str, *arguments: str, feed: bytes = b"") -> bytes:
    """What `git ARGUMENTS` prints in the directory `place`; `feed` is its stdin.

    Raises FairwayError `git_unavailable` with git's own first line when git fails.
    """
    code, out, err = run_quick(["git", *arguments], place, feed)
    if code:
        raise _failure(place, arguments, code, err)
    return out


def resolve(place: str, revision: str) -> str | None:
    """The full id of the commit that `revision` names (a tag is peeled), None when git knows no such commit."""
    return resolve_many(place, [revision])[revision]


def resolve_many(place: str, revisions: Iterable[str]) -> dict[str, str | None]:
    """`revision -> full commit id or None` for any number of revisions, in one git process.

    A value that could be read as an option, or that holds a line break, names no commit.
    """
    found: dict[str, str | None] = dict.fromkeys(revisions)
    asked = [revision for revision in found if _is_revision(revision)]
    if not asked:
        return found
    feed = b"".join(os.fsencode(exact_name(place, revision)) + b"^{commit}\n" for revision in asked)
    answers = ask(place, "cat-file", "--batch-check=%(objectname)", feed=feed).splitlines()
    for revision, answer in zip(asked, answers, strict=True):
        # an id stands alone in its line, a refusal is "NAME missing" or "NAME ambiguous"
        found[revision] = answer.decode() if b" " not in answer else None
    return found


def is_ancestor(place: str, ancestor: str, descendant: str) -> bool:
    """Whether `ancestor` is `descendant` or lies in its history.

    Raises FairwayError `not_found` for an unknown revision, `git_inconsistent` when a shallow clone cannot tell.
    """
    arguments = [*TRUE_HISTORY, "merge-base", "--is-ancestor", _revision(place, ancestor), _revision(place, descendant)]
    code, _, err = run_quick(["git", *arguments], place)
    if code not in {0, 1}:
        raise _unknown_revision(place, (ancestor, descendant)) or _failure(place, arguments, code, err)
    if code and is_shallow(place):
        merge_base(place, ancestor, descendant)  # where there is one, the answer does not hang on what was cut off
    return code == 0


def merge_base(place: str, one: str, other: str) -> str | None:
    """The best common ancestor of two revisions, None when they share no history.

    Raises FairwayError `not_found` for an unknown revision, `git_inconsistent` when a shallow clone cannot tell.
    """
    arguments = [*TRUE_HISTORY, "merge-base", _revision(place, one), _revision(place, other)]
    code, out, err = run_quick(["git", *arguments], place)
    if code not in {0, 1}:
        raise _unknown_revision(place, (one, other)) or _failure(place, arguments, code, err)
    found = out.decode().strip()
    if not found and is_shallow(place):
        raise cut_off(f"the commit that {one} and {other} have in common is not here")
    return found or None


def ahead_behind(place: str, base: str, revision: str) -> tuple[int, int]:
    """How many commits `revision` has that `base` has not, and the other way round.

    Raises FairwayError `not_found` for an unknown revision, `git_inconsistent` when a shallow clone cannot tell.
    """
    if is_shallow(place):
        merge_base(place, base, revision)
    span = f"{_revision(place, base)}...{_revision(place, revision)}"
    behind, ahead = _ask_about(place, (base, revision), "rev-list", "--left-right", "--count", span, "--").split()
    return int(ahead), int(behind)


def commits_since(place: str, base: str, revision: str) -> list[str]:
    """The ids of the commits of `revision` that were made on top of `base`; raises FairwayError as `ahead_behind`."""
    span = f"{_revision(place, base)}..{_revision(place, revision)}"
    return os.fsdecode(_ask_about(place, (base, revision), "rev-list", "--ancestry-path", span, "--")).split()


def apart(place: str, base: str, revision: str) -> tuple[int | None, int | None]:
    """`ahead_behind`, or `(None, None)` where a shallow clone cannot tell."""
    try:
        return ahead_behind(place, base, revision)
    except FairwayError as problem:
        if problem.word == "git_inconsistent":
            return None, None
        raise


def is_taken_in(place: str, base: str, revision: str) -> bool:
    """Whether merging `revision` into `base` would change nothing, as after a squash merge: base has its changes.

    What git cannot tell (a conflict, git before 2.39) is no. One process: the base merged with itself is what it is.
    """
    try:
        feed = f"{base} {revision}\n{base} {base}\n".encode()
        answers = ask(place, "merge-tree", "--write-tree", "--stdin", feed=feed)
    except FairwayError:
        return False
    half = len(answers) // 2
    return answers.startswith(b"1\0") and answers[:half] == answers[half:]


def changed_paths(place: str, base: str, revision: str) -> list[str]:
    """The paths that `revision` changes since it left `base`, sorted; of a rename both the old and the new one.

    Raises FairwayError `git_inconsistent` when the two share no history.
    """
    out = _diff(place, base, revision, "--name-only", "-z", "--no-renames", "--no-relative", "--ignore-submodules=none")
    return sorted(os.fsdecode(path) for path in out.split(b"\0") if path)


def is_shallow(place: str) -> bool:
    """Whether the history of the repository at `place` is cut off (`git clone --depth`); no process is started."""
    repo = find_repository(place)
    return repo is not None and os.path.exists(os.path.join(repo.common_dir, "shallow"))


def cut_off(what: str) -> FairwayError:
    """The refusal of what a shallow clone cannot tell."""
    return FairwayError(
        "git_inconsistent", f"this clone is shallow: {what}", suggest_program("git", "fetch", "--unshallow")
    )


def base_ref(place: str, main_branch: str, given: str = "") -> str:
    """What changes are measured against: the `given` revision, else `origin/MAIN` when it exists, else MAIN.

    Answered from git's files; no process is started. Nothing is fetched: the remote branch is as last seen.
    """
    if given:
        return given
    repo = find_repository(place)
    remote = f"origin/{main_branch}"
    return remote if repo is not None and read_ref(repo, f"refs/remotes/{remote}") else main_branch


# --- asking -----------------------------------------------------------------------------------------------


def _diff(place: str, base: str, revision: str, *flags: str) -> bytes:
    # plumbing, because `git diff` obeys the user's colours, prefixes, external programs and renames
    ends = (_revision(place, base), _revision(place, revision))
    code, out, err = run_quick(["git", *TRUE_HISTORY, "diff-tree", "-r", "--merge-base", *flags, *ends, "--"], place)
    if code == 0:
        return out
    if b"no merge base" in err:
        if is_shallow(place):
            raise cut_off(f"the commit that {base} and {revision} have in common is not here")
        raise FairwayError(
            "git_inconsistent",
            f"{base} and {revision} share no history, so what changed between them cannot be told",
            suggest_program("git", "log", "--oneline", "--graph", base, revision),
        )
    raise _unknown_revision(place, ends) or _failure(place, ["diff-tree"], code, err)


def _ask_about(place: str, revisions: tuple[str, ...], *arguments: str) -> bytes:
    code, out, err = run_quick(["git", *arguments], place)
    if code:
        raise _unknown_revision(place, revisions) or _failure(place, arguments, code, err)
    return out


def _is_revision(text: str) -> bool:
    return bool(text) and not text.startswith("-") and _LINE_BREAKERS.isdisjoint(text)


def _revision(place: str, text: str) -> str:
    if not _is_revision(text):
        raise _not_found(text)
    return exact_name(place, text)


def _unknown_revision(place: str, revisions: tuple[str, ...]) -> FairwayError | None:
    """The refusal for the first of `revisions` that git does not know, None when all are known."""
    return next((_not_found(name) for name, commit in resolve_many(place, revisions).items() if commit is None), None)


def _not_found(revision: str) -> FairwayError:
    return FairwayError(
        "not_found", f"git knows no commit {revision!r}", suggest_program("git", "fetch"), revision=revision
    )


def _failure(place: str, arguments: Iterable[str], code: int, err: bytes) -> FairwayError:
    said = os.fsdecode(err).strip().splitlines()
    asked = " ".join(["git", *arguments])
    return FairwayError(
        "git_unavailable",
        f"`{asked}` failed in {place}: {said[0] if said else f'exit code {code}'}",
        suggest_program("git", "-C", place, "status"),
    )
