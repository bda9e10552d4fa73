"""Whether what was read, waived or approved elsewhere covers a commit: the one place where reviews ask git."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.project.project import Project
    from fairway_scripts.work.work_shapes import Verdict


class Coverage:
    """What covers one commit; each question is asked of git once, and only where ids alone do not answer it.

    `commit_sha` is a full id, `merge_base` where its work began: the commit itself once it is merged, "" when that is
    not known. Outside a repository only the same commit covers.
    """

    def __init__(self, project: Project, commit_sha: str, merge_base: str) -> None:
        self.project = project
        self.commit_sha = commit_sha
        self.merge_base = merge_base
        self._same: dict[tuple[str, str], str] = {}
        self._inside: dict[tuple[str, str], bool] = {}

    def marked(self, rows: Iterable[Verdict]) -> tuple[list[Verdict], set[int]]:
        """The verdicts, those about another change with `stale_why`; and the ids of those that cover this one."""
        told: list[Verdict] = []
        covering: set[int] = set()
        for row in rows:
            why = self.why_not(row["base_commit_sha"] or "", row["reviewed_commit_sha"] or "")
            told.append({**row, "stale_why": why} if why else row)
            if not why and row["id"] is not None:
                covering.add(row["id"])
        return told, covering

    def why_not(self, base: str, commit: str) -> str:
        """Why what was read from `base` to `commit` is not the change of this commit, "" when it is."""
        if not self.commit_sha or self.project.repository is None:
            return "" if commit == self.commit_sha else "nothing can be compared"
        if (base, commit) not in self._same:
            self._same[base, commit] = self._compare(base, commit)
        return self._same[base, commit]

    def is_inside(self, base: str, commit: str) -> bool:
        """Whether all that this commit adds lies between `base` and `commit`, which were read as a whole."""
        if not self.commit_sha or self.project.repository is None or not base:
            return False
        if (base, commit) not in self._inside:
            self._inside[base, commit] = self._contained(base, commit)
        return self._inside[base, commit]

    def _compare(self, base: str, commit: str) -> str:
        if self.merge_base not in ("", self.commit_sha):
            from fairway_scripts.reviews.approval_coverage import coverage

            return coverage(self.project, (base, commit), (self.merge_base, self.commit_sha))["why"]
        if commit == self.commit_sha:
            return ""
        from fairway_scripts.git.release_range import is_same_change

        merged = bool(base and commit) and is_same_change(self.project.worktree, (base, commit), self.commit_sha)
        return "" if merged else "this commit does not end with it"

    def _contained(self, base: str, commit: str) -> bool:
        from fairway_scripts.git.git import is_ancestor

        place, own = self.project.worktree, self.commit_sha
        try:
            if own == base or not is_ancestor(place, own, commit) or is_ancestor(place, own, base):
                return False
            begun = self.merge_base not in ("", own)
            return not begun or is_ancestor(place, base, self.merge_base)
        except FairwayError as problem:
            if problem.word != "not_found":
                raise
            return False  # git has forgotten what was read: nothing can be said to lie inside it
