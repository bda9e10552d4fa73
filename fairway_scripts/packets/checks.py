"""What a packet lacks: every required field at once, and the rules of a bug-fix packet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairway_scripts.packets.fields import Packet

_DEFERRED = re.compile(r"\b(deferred|postponed)\b", re.IGNORECASE)
_WORKFLOW = re.compile(r"\bworkflows?\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;()\[\]]+")
#: Said of a pack: there is none.
NO_PACK = ("none", "n/a", "not applicable")


def missing_fields(packet: Packet, values: dict[str, list[str]]) -> list[dict[str, str]]:
    """`{field, problem}` of every required field without a word in it, in the order of the packet."""
    return [
        {"field": field.variable, "problem": f"is missing ({field.flag})"}
        for field in packet.fields
        if field.required and not values.get(field.name)
    ]


def named_tasks(values: dict[str, list[str]]) -> list[str]:
    """The words of FOLLOW_UP that may be task ids."""
    return [word.rstrip(".:") for word in _WORD.findall(" ".join(values.get("follow_up", [])))]


def bugfix_faults(values: dict[str, list[str]], task_id: str, open_tasks: list[str]) -> list[dict[str, str]]:
    """`{field, problem}` of the review rules: deferred coverage needs a blocker, a workflow fix names its pack.

    `open_tasks` are those words of FOLLOW_UP that are tasks which are not finished.
    """
    faults = []
    coverage = " ".join(values.get("regression_coverage", []))
    if _DEFERRED.search(coverage) and not [other for other in open_tasks if other != task_id]:
        faults.append(
            {"field": "FOLLOW_UP", "problem": "deferred coverage needs the id of an open blocker task (--follow-up)"}
        )
    if _WORKFLOW.search(" ".join(values.get("owning_layer", []))) and pack_named(values) is None:
        faults.append({"field": "WORKFLOW_PACK", "problem": "a workflow fix names a regression pack (--workflow-pack)"})
    return faults


def pack_named(values: dict[str, list[str]]) -> str | None:
    """The regression pack that a packet names, None for none."""
    for name in ("workflow_pack", "workflow_regression_pack"):
        for text in values.get(name, []):
            return None if text.strip().lower() in NO_PACK else text.strip()
    return None


def pack_faults(packet: Packet, pack: str, known: list[str], catalog: str) -> list[dict[str, str]]:
    """`{field, problem}` when `pack` is none of the packs that are `known` from the file `catalog`."""
    if pack in known:
        return []
    field = next(field.variable for field in packet.fields if field.name.startswith("workflow_"))
    listed = f"it has {', '.join(known)}" if known else "it has no packs"
    return [{"field": field, "problem": f"there is no regression pack {pack!r} in {catalog}: {listed}"}]


def told(faults: list[dict[str, str]]) -> str:
    """The faults as one text for a message."""
    return "; ".join(f"{fault['field']} {fault['problem']}" for fault in faults)
