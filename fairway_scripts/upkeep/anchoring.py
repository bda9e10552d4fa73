"""Adding an anchor: the head of a ledger that was found sound goes into the git ref."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git import anchor_ref
from fairway_scripts.git.anchor_ref import REF, anchors_of
from fairway_scripts.project.ledger import canonical
from fairway_scripts.project.opening import open_to_look
from fairway_scripts.upkeep.anchors import SCHEMA, configured_file, fork_problem, is_prefix, place_of, read_anchor
from fairway_scripts.upkeep.verification import verify

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.upkeep.upkeep_shapes import AddedAnchor, AnchorTold, Head


def add_anchor(project: Project, *, force: bool) -> AddedAnchor:
    """Verify the ledger and write its head into `refs/fairway/ledger`, signed where `ledger.signing_key` names a key.

    Returns `{ref, commit, event_id, events, hash, at, signed, changed, before}`: `changed` is False when the newest
    anchor says the same already, `before` the anchor that was the newest (None for the first one). Raises
    FairwayError: `verify_failed` (the ledger is not sound, or the newest anchor is not part of it and `force` is not
    given), `not_found` (no store, or no event yet), `git_unavailable`, `store_busy`, `file_unavailable` (the key),
    `missing_dependency` (ssh-keygen).
    """
    place = place_of(project)
    sound = verify(project)
    if sound["problems"]:
        said = sound["problems"][0]["message"]
        raise FairwayError(
            "verify_failed", f"a ledger that is not sound is not anchored: {said}", suggest("queue-verify")
        )
    newest: Head | None = sound["head"]
    if newest is None or not newest["events"]:
        raise FairwayError("not_found", "the ledger has no event yet", suggest("queue-import"))
    kept = anchors_of(place, REF, most=1)
    before = read_anchor(kept[0]) if kept else None
    if before is not None and not force:
        _refuse_fork(project, before)
    key = configured_file(project, "signing_key")
    if before is not None and before["hash"] == newest["hash"] and (before["signed"] or not key):
        commit, at, signed = before["commit"], before["at"], before["signed"]
        return {**newest, "ref": REF, "before": before, "commit": commit, "at": at, "signed": signed, "changed": False}
    at = clock.now()
    head = {"schema": SCHEMA, "at": at, "actor": project.identity.actor, **newest}
    text = (canonical(head) + "\n").encode()
    signature = anchor_ref.sign(text, key) if key else b""
    message = f"Ledger at event {newest['event_id']}\n\n{newest['events']} events, head {newest['hash']}\n"
    commit = anchor_ref.write_anchor(place, text, signature, message, kept[0].commit if kept else "")
    return {
        **newest,
        "ref": REF,
        "before": before,
        "commit": commit,
        "at": at,
        "signed": bool(signature),
        "changed": True,
    }


def _refuse_fork(project: Project, before: AnchorTold) -> None:
    store = open_to_look(project)
    try:
        with store.read() as tx:
            if not is_prefix(tx, before):
                found = fork_problem(tx, REF, [before], [False])
                raise FairwayError(
                    "verify_failed",
                    f"{found['message']}; with FORCE=1 the ledger of now is anchored after it",
                    suggest("queue-verify", ANCHOR=REF),
                )
    finally:
        store.close()
