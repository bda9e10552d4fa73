"""What the configuration asks of a review: the shapes and their lanes, the profiles, and what a gate wants."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from fairway_scripts.base.settings_shape import Settings, WorkstreamProfile, WorkstreamProfileGate

LIGHT = "light"
PAIRED = "paired"
FULL_MATRIX = "full-matrix"
#: From the lightest to the heaviest.
SHAPES = (LIGHT, PAIRED, FULL_MATRIX)

#: What stands before the id of a regression pack in a tag of a task.
PACK_TAG = "pack:"

#: What a gate asks of a record besides the number of records.
_ASKED: tuple[
    Literal["evidence_type", "accepted_results", "artifact_required", "owner_signoff_required", "expires_after"], ...
] = ("evidence_type", "accepted_results", "artifact_required", "owner_signoff_required", "expires_after")


def shape_lanes(shape: str, settings: Settings) -> list[str]:
    """The lanes that a shape asks whatever the paths, in the configured order: none for a light one.

    A full-matrix review asks those of a paired one too: a heavier shape never asks fewer lanes.
    """
    if shape == LIGHT:
        return []
    sensitive = [lane for entry in settings["sensitive_paths"] for lane in entry["reviewers"]]
    lanes = list(settings["review"]["paired"] or sensitive)
    if shape == FULL_MATRIX:
        routed = [entry["reviewer"] for entry in settings["review_routes"]]
        lanes += settings["review"]["full_matrix"] or [*sensitive, *routed]
    return in_order(lanes, [entry["name"] for entry in settings["roles"]])


def in_order(lanes: Iterable[str], configured: list[str]) -> list[str]:
    """Each lane once, in the configured order; those that are not configured follow as they come."""
    once = list(dict.fromkeys(lanes))
    return [*(lane for lane in configured if lane in once), *(lane for lane in once if lane not in configured)]


def needed_count(gate: WorkstreamProfileGate) -> int:
    """How many records a gate asks for: the number it names, else one when it asks for anything at all."""
    return gate["required_evidence_count"] or int(any(gate[name] for name in _ASKED))


def profiles_of(kind: str, profile: str, settings: Settings) -> list[WorkstreamProfile]:
    """The workstream profiles that apply to a task of `kind` whose own field names `profile` ("" for none)."""
    entries = settings["workstream_profiles"]
    named = [entry for entry in entries if profile and entry["name"] == profile]
    return named or [entry for entry in entries if not entry["task_kinds"] or kind in entry["task_kinds"]]
