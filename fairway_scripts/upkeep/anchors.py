"""Anchors: the head of the ledger, kept in a git ref that can be pushed, so that a rewritten ledger is found out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio, paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git import anchor_ref
from fairway_scripts.git.anchor_ref import REF, Anchor, anchors_of
from fairway_scripts.upkeep.chains import problem

if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.upkeep.upkeep_shapes import (
        AnchorSignature,
        AnchorStanding,
        AnchorTold,
        ComparedAnchor,
        NewestAnchor,
        Problem,
    )

SCHEMA = "ledger-anchor/1"
#: How a signature stands: there is none, it fits and its key was not compared with a list, it is of an allowed signer.
UNSIGNED, NOT_COMPARED, GOOD = "none", "not_compared", "good"


def place_of(project: Project) -> str:
    """The directory in which git is asked; raises FairwayError `git_unavailable` outside a repository."""
    if project.repository is None:
        raise FairwayError("git_unavailable", "there is no git repository here, so there is no place for an anchor")
    return project.root


def compare_anchors(
    project: Project, tx: Transaction, refs: list[str], allowed: str
) -> tuple[list[ComparedAnchor], list[Problem]]:
    """Whether what each ref has anchored is still the beginning of the ledger, and who signed it.

    Every anchor that a ref leads to is compared. Returns the newest one of each ref (`{ref, commit, event_id, events,
    hash, at, actor, signed, signature, signer, age_seconds, events_since, ok}`) and what is wrong. Raises FairwayError
    `not_found` (no such ref, or nothing anchored there).
    """
    place, signers = place_of(project), allowed or configured_file(project, "allowed_signers")
    newest: list[ComparedAnchor] = []
    problems: list[Problem] = []
    for ref in refs:
        kept = anchors_of(place, ref)
        if not kept:
            raise FairwayError("not_found", f"there is no anchor {ref}", suggest("queue-anchor"), ref=ref)
        told = [read_anchor(anchor) for anchor in kept]
        held = [is_prefix(tx, anchor) for anchor in told]
        if not all(held):
            problems.append(fork_problem(tx, ref, told, held))
        signed = _signature(kept[0], signers)
        if signed["why"]:
            problems.append(problem("anchor", f"{_named(ref, told[0])}: {signed['why']}"))
        newest.append({**standing(tx, ref, told[0]), **signed, "ok": held[0] and not signed["why"]})
    return newest, problems


def newest_anchor(project: Project, tx: Transaction) -> NewestAnchor | None:
    """The newest anchor of `refs/fairway/ledger` and how old it is (see `standing`), with `stale`; None without one.

    `stale` says that it is older than `ledger.anchor_stale_after` while the ledger went on.
    """
    if project.repository is None or not paths.read_ref(project.repository, REF):
        return None
    try:
        kept = anchors_of(project.root, REF, most=1)
        if not kept:
            return None
        told = read_anchor(kept[0])
        found, holds = standing(tx, REF, told), is_prefix(tx, told)
    except FairwayError:
        return None  # git cannot be asked, which is told elsewhere
    limit = clock.duration(project.settings["ledger"]["anchor_stale_after"])
    return {**found, "ok": holds, "stale": found["events_since"] > 0 and found["age_seconds"] > limit}


def standing(tx: Transaction, ref: str, told: AnchorTold) -> AnchorStanding:
    """An anchor with its age in seconds and the number of events since."""
    head = tx.one("verification.head")
    age = max(0, int(clock.elapsed(told["at"], clock.now())))
    events = (head["events"] or 0) if head else 0
    return {**told, "ref": ref, "age_seconds": age, "events_since": max(0, events - told["events"])}


def is_prefix(tx: Transaction, told: AnchorTold) -> bool:
    """Whether the ledger has the anchored event, in the anchored place, with the anchored hash."""
    event = tx.one("verification.event_at", event_id=told["event_id"])
    return event is not None and (event["store_hash"], event["events"]) == (told["hash"], told["events"])


def fork_problem(tx: Transaction, ref: str, told: list[AnchorTold], held: list[bool]) -> Problem:
    """An anchored head that the ledger does not have: its oldest one, and the newest that holds."""
    wrong = max(place for place, holds in enumerate(held) if not holds)
    event = tx.one("verification.event_at", event_id=told[wrong]["event_id"])
    here = "there is no such event here" if event is None else "here it has another hash"
    kept = next((told[place] for place, holds in enumerate(held) if holds), None)
    common = (
        f"the newest that both have is event {kept['event_id']}, anchored {kept['at']}" if kept else "none is shared"
    )
    return problem(
        "anchor",
        f"{_named(ref, told[wrong])} is not part of this ledger: {here}; {common}. The ledger was cut, rewritten or "
        "restored from an older copy after it, or it is that of another machine",
        "",
        told[wrong]["event_id"],
    )


def _named(ref: str, told: AnchorTold) -> str:
    return f"{told['commit'][:12]} of {ref} (event {told['event_id']}, {told['at']} by {told['actor']})"


def read_anchor(anchor: Anchor) -> AnchorTold:
    """What an anchor says; raises FairwayError `invalid_document` for another text."""
    try:
        head = jsonio.loads(anchor.text.decode())
        event_id, events, hashed, at, actor = (head[name] for name in ("event_id", "events", "hash", "at", "actor"))
        texts = isinstance(hashed, str) and isinstance(at, str) and isinstance(actor, str)
        if head["schema"] != SCHEMA or not (isinstance(event_id, int) and isinstance(events, int) and texts):
            raise _foreign(anchor)
        clock.moment(at)
    except (ValueError, KeyError, TypeError) as trouble:
        raise _foreign(anchor) from trouble
    return {
        "commit": anchor.commit,
        "event_id": event_id,
        "events": events,
        "hash": hashed,
        "at": at,
        "actor": actor,
        "signed": bool(anchor.signature),
    }


def _foreign(anchor: Anchor) -> FairwayError:
    return FairwayError("invalid_document", f"the anchor {anchor.commit[:12]} is not one of {SCHEMA}")


def _signature(anchor: Anchor, allowed: str) -> AnchorSignature:
    """How the signature of an anchor stands: `{signature, signer, why}`, `why` being "" unless it does not count."""
    if not anchor.signature:
        why = f"it is not signed, and {allowed} says who may sign" if allowed else ""
        return {"signature": UNSIGNED, "signer": "", "why": why}
    signer, why = anchor_ref.signer_of(anchor.text, anchor.signature, allowed)
    return {
        "signature": "bad" if why else GOOD if allowed else NOT_COMPARED,
        "signer": signer,
        "why": f"its signature does not count: {why}" if why else "",
    }


def configured_file(project: Project, name: Literal["signing_key", "allowed_signers"]) -> str:
    """A file that the section `ledger` of the configuration names, from the main checkout; "" when it names none."""
    given = os.path.expanduser(project.settings["ledger"][name])
    return os.path.join(project.root, given) if given else ""
