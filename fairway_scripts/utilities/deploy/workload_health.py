"""How a workload of a cluster stands: what `kubectl rollout status` waits for, kind by kind, with its numbers."""

from __future__ import annotations

from typing import NamedTuple

HEALTHY, PROGRESSING, FAILED = "healthy", "progressing", "failed"
UNAVAILABLE, DEGRADED, TERMINATING = "unavailable", "degraded", "terminating"


class Counts(NamedTuple):
    """What a workload says of itself.

    `desired` pods are wanted; `total` are there, `updated` of them of the newest template, `ready` and `available` of
    any template. `current` is whether the controller has seen the newest definition, `settled` whether it says that
    the newest template is the only one (StatefulSets compare revisions), `condition` its Progressing condition (status
    and reason), `deleted_at` when it was told to go ("" for never), `by_hand` whether pods are replaced only when
    somebody deletes them, `kept_back` how many pods a partition keeps on the old template.
    """

    desired: int
    total: int
    updated: int
    ready: int
    available: int
    current: bool
    settled: bool = True
    condition: tuple[str, str] = ("", "")
    deleted_at: str = ""
    by_hand: bool = False
    kept_back: int = 0


def health_of(counts: Counts) -> tuple[str, str]:
    """(the word for how it stands, why).

    `healthy`: the rollout is through and every pod of it is available; `failed`: the controller has given it up;
    `progressing`: it is not through; `terminating`: the workload is being deleted; `unavailable`, `degraded`: the
    rollout is through, but none or not all of its pods are available.
    """
    if counts.deleted_at:
        return TERMINATING, f"it was told to go at {counts.deleted_at}"
    status, reason = counts.condition
    if status == "False" and counts.current:  # else it speaks of a definition before this one
        return FAILED, f"the rollout does not progress ({reason or 'no reason is given'})"
    waiting = _not_through(counts)
    if waiting:
        return PROGRESSING, waiting
    if counts.ready >= counts.desired and counts.available >= counts.desired:
        return HEALTHY, _kept_back(counts) if counts.desired else "no pod is desired"
    if not counts.ready or not counts.available:
        return UNAVAILABLE, f"{counts.ready} ready, {counts.available} available of {counts.desired} desired"
    return DEGRADED, f"{counts.ready} ready, {counts.available} available of {counts.desired} desired"


def newest_ready(counts: Counts) -> tuple[int, str]:
    """(how many pods of the newest template are ready for certain, what else there is to say).

    A status does not say of which template the ready pods are; every old pod may be one of them.
    """
    old = max(counts.total - counts.updated, 0)
    certain = max(counts.ready - old, 0)
    told = [f"{counts.desired} desired"] if certain != counts.desired else []
    if old:
        told.append(f"{counts.ready} ready in all, {old} of {counts.total} pods are old")
    return certain, "; ".join(told)


def _not_through(counts: Counts) -> str:
    """What the rollout still waits for, "" when it is through."""
    if not counts.current:
        return "the controller has not seen the newest definition"
    wanted = counts.desired - counts.kept_back
    if counts.updated < wanted:
        by_hand = ", which are replaced when somebody deletes them" if counts.by_hand else ""
        return f"{counts.updated} updated of {wanted} desired{by_hand}"
    if counts.kept_back:
        return ""
    if counts.total > counts.updated:
        return f"{counts.total - counts.updated} old of {counts.total} pods are still there"
    # the controller never settles what is replaced by hand
    return "" if counts.settled or counts.by_hand else "the newest revision is not the only one yet"


def _kept_back(counts: Counts) -> str:
    return f"a partition keeps {counts.kept_back} on the old template" if counts.kept_back else ""
