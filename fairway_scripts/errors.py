"""The one exception of the suite, its stable words and the exit code of each word."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OK = 0
REFUSED = 1
UNAVAILABLE = 2
NOT_FOUND = 3
CONFLICT = 4
INTERRUPTED = 130
READER_GONE = 141

#: word -> exit code. A word, once released, keeps its meaning: callers behind make see only the word.
EXIT_CODES: dict[str, int] = {
    # the answer is no
    "invalid_config": REFUSED,
    "invalid_queue": REFUSED,
    "nothing_ready": REFUSED,
    "reason_required": REFUSED,
    "evidence_required": REFUSED,
    "review_required": REFUSED,
    "preflight_failed": REFUSED,
    "not_merge_ready": REFUSED,
    "git_inconsistent": REFUSED,
    "verify_failed": REFUSED,
    "unhealthy": REFUSED,
    "packet_incomplete": REFUSED,
    "proof_failed": REFUSED,
    "launch_failed": REFUSED,
    "watch_failed": REFUSED,
    "invalid_packs": REFUSED,
    "not_approved": REFUSED,
    "command_failed": REFUSED,
    "evidence_changed": REFUSED,
    "invalid_document": REFUSED,
    "ci_failed": REFUSED,
    "gates_missing": REFUSED,
    "graduation_refused": REFUSED,
    "release_incomplete": REFUSED,
    "deploy_differs": REFUSED,
    "uat_incomplete": REFUSED,
    "parity_mismatch": REFUSED,
    # the command cannot run
    "usage": UNAVAILABLE,
    "git_unavailable": UNAVAILABLE,
    "missing_dependency": UNAVAILABLE,
    "backend_unavailable": UNAVAILABLE,
    "store_unavailable": UNAVAILABLE,
    "store_busy": UNAVAILABLE,
    "store_newer": UNAVAILABLE,
    "store_outdated": UNAVAILABLE,
    "store_damaged": UNAVAILABLE,
    "file_unavailable": UNAVAILABLE,
    "deadline_passed": UNAVAILABLE,
    "internal": UNAVAILABLE,
    # no such thing
    "not_found": NOT_FOUND,
    # conflict or broken invariant
    "already_claimed": CONFLICT,
    "not_ready": CONFLICT,
    "wrong_lane": CONFLICT,
    "invalid_transition": CONFLICT,
    "self_review": CONFLICT,
    "fence_outdated": CONFLICT,
    "request_reused": CONFLICT,
    "already_exists": CONFLICT,
    "undo_refused": CONFLICT,
    "unreviewed_commits": CONFLICT,
    "session_live": CONFLICT,
    "live_repository": CONFLICT,
    "file_owned": CONFLICT,
    "cycle": CONFLICT,
    "watcher_refused": CONFLICT,
    "waiver_refused": CONFLICT,
}


class FairwayError(Exception):
    """A refusal that a person or an agent can act on.

    `word` is the stable name (a key of `EXIT_CODES`), `message` says what is wrong and where (an id or
    `file:line`), `hint` is the command that mends it, `details` are JSON-ready extras for `--json`.
    """

    def __init__(self, word: str, message: str, hint: str = "", **details: Any) -> None:
        if word not in EXIT_CODES:
            raise ValueError(f"unknown error word {word!r}")
        super().__init__(message)
        self.word = word
        self.message = message
        self.hint = hint
        self.details = details

    @property
    def exit_code(self) -> int:
        """The process exit code that this refusal ends with."""
        return EXIT_CODES[self.word]

    def as_json(self) -> dict[str, Any]:
        """The error as one JSON-ready object: `{"error": word, "message": .., "hint": .., ...details}`."""
        return {"error": self.word, "message": self.message, "hint": self.hint, **self.details}
