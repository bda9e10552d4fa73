"""The two ends of what a review reads, and the point where they part."""

from __future__ import annotations

from fairway_scripts.git.git import TRUE_HISTORY, cut_off, is_shallow, merge_base, resolve_many
from fairway_scripts.git.references import exact_name
from fairway_scripts.programs.spawn import run_quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class Span(TypedDict):
        """A revision and the base it is read against, see `read_span`."""

        commit_sha: str | None
        base_sha: str | None
        merge_base: str | None


_ID_LENGTHS = frozenset((40, 64))
_HEX = frozenset("0123456789abcdef")


def read_span(place: str, revision: str, base: str) -> Span:
    """`{commit_sha, base_sha, merge_base}` of a revision and the base it is read against, in full ids.

    An entry is None when git knows no such commit; `merge_base` (the best one when there are several) also when the
    two share no history. One git process when both are known. Raises FairwayError: `git_unavailable`,
    `git_inconsistent` when a shallow clone cannot tell.
    """
    if _is_plain(revision) and _is_plain(base):
        one, other = exact_name(place, revision), exact_name(place, base)
        asked = [f"{one}^{{commit}}", f"{other}^{{commit}}", f"{other}...{one}"]
        code, out, _ = run_quick(["git", *TRUE_HISTORY, "rev-parse", *asked], place)
        ids = out.decode("ascii", "replace").split() if code == 0 else []
        # the two commits, both ends of the span again, then every merge base behind a caret
        if len(ids) >= 4 and all(map(_is_id, ids[:4])) and all(word[0] == "^" and _is_id(word[1:]) for word in ids[4:]):
            if len(ids) == 4 and is_shallow(place):
                raise cut_off(f"the commit that {revision} and {base} have in common is not here")
            return {"commit_sha": ids[0], "base_sha": ids[1], "merge_base": ids[4][1:] if len(ids) > 4 else None}
    known = resolve_many(place, [revision, base])
    commit, tip = known[revision], known[base]
    fork = merge_base(place, tip, commit) if commit and tip else None
    return {"commit_sha": commit, "base_sha": tip, "merge_base": fork}


def _is_plain(revision: str) -> bool:
    return bool(revision) and revision[0] not in "-^" and not revision.isspace() and revision.isprintable()


def _is_id(word: str) -> bool:
    return len(word) in _ID_LENGTHS and _HEX.issuperset(word)
