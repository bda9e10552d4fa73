"""The words of evidence."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest_call
from fairway_scripts.base.identity import clean_name
from fairway_scripts.catalog.tool import EVIDENCE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypedDict

    from fairway_scripts.calls.tool_calls import Said

    class Artifact(TypedDict):
        """What shows the result: a file with its digest and size, an address, or nothing ("")."""

        artifact_path: str
        artifact_sha256: str | None
        artifact_size: int | None

    class Tested(TypedDict):
        """What was tested; no commit outside git, no branch where it is detached."""

        commit_sha: str | None
        branch: str | None
        tree_dirty: int

    class Proof(Artifact):
        """A command and its result, before it is said what was tested."""

        command_text: str
        result: str
        artifact_type: str
        duration_seconds: int | None
        notes: str

    class NewEvidence(Proof, Tested):
        """A record that is added; only a tool that ran the command itself gives `run_by`: its name."""

        producer: str
        run_by: str | None

    class Special(TypedDict, total=False):
        """The columns that most records leave empty: a pack's run, a guard's report."""

        pack_id: str | None
        environment: str | None
        gate: str | None
        guard_mode: str | None
        findings_count: int | None
        false_positives: int | None

    class WatcherEnd(Artifact, Tested):
        """What a watcher saw at its end; `evidence_result` is the result of the evidence, "" for the same."""

        result: str
        evidence_result: str
        failure_class: str
        duration_seconds: int
        exit_code: int | None
        attempts: int | None
        notes: str
        artifact_type: str
        producer: str
        run_by: str | None

    class WatcherColumns(TypedDict):
        """What a watcher keeps of its end."""

        result: str
        failure_class: str
        artifact_path: str
        artifact_sha256: str | None
        artifact_size: int | None
        duration_seconds: int
        exit_code: int | None
        attempts: int | None
        evidence_id: int

    class NewHandoff(TypedDict):
        """The columns of a handoff that is added to a task."""

        from_role: str
        to_role: str
        owner: str
        branch: str
        commit_sha: str
        commands: str
        results: str
        changed_files: str
        risks: str
        blockers: str
        next_step: str
        payload: str


RESULTS = ("pass", "fail", "partial", "skipped", "blocked")
#: `runner`: a tool ran the command and saw the result; `claim`: somebody says so.
RUNNER = "runner"
PRODUCERS = (RUNNER, "claim")


def checked_result(word: str) -> str:
    """One of `RESULTS`, whatever its case; raises FairwayError `usage` for any other word."""
    return _one_of("RESULT", word, RESULTS)


def checked_producer(word: str) -> str:
    """One of `PRODUCERS`, `claim` when none is given; raises FairwayError `usage` for any other word."""
    return _one_of("PRODUCER", word or "claim", PRODUCERS)


def said_of(args: object = None) -> Said:
    """What a call says of evidence, by column (`EVIDENCE` of the catalogue); None for what it does not say.

    Raises FairwayError `usage` for what is no short line.
    """
    found: Any = {name.lower(): clean_name(getattr(args, name.lower(), "").strip(), name) or None for name in EVIDENCE}
    said: Said = found
    return said


def is_address(artifact: str) -> bool:
    """Whether an artifact is named by a web address instead of a file."""
    return artifact.lower().startswith(("https://", "http://"))


def _one_of(name: str, word: str, words: tuple[str, ...]) -> str:
    plain = word.strip().lower()
    if plain not in words:
        raise FairwayError("usage", f"{name} {word!r} is none of {', '.join(words)}", suggest_call(**{name: None}))
    return plain
