"""What a store that a later version made is to the caller."""

from __future__ import annotations

from fairway_scripts.errors import FairwayError
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
