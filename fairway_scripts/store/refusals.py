"""What a store that another version made is to the caller."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.schema import SCHEMA_VERSION


def newer(place: str, version: int) -> FairwayError:
    """The refusal of a store, backup or snapshot that a later version made."""
    return FairwayError(
        "store_newer",
        f"{place} has schema {version}; this version knows {SCHEMA_VERSION}",
        "update fairway-scripts",
        path=place,
        schema_version=version,
    )


def older(place: str, version: int) -> FairwayError:
    """The refusal of a store that an earlier version made: it is brought up to date on request, never in passing."""
    return FairwayError(
        "store_outdated",
        f"{place} has schema {version}; this version needs {SCHEMA_VERSION}",
        suggest("queue-migrate"),
        path=place,
        schema_version=version,
    )


def moved(place: str) -> FairwayError:
    """The refusal of a change to a store that is continued at another place."""
    return FairwayError(
        "store_moved",
        f"this store was moved to {place}: it is only read here",
        suggest("queue-where"),
        path=place,
    )
