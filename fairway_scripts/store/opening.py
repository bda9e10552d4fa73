"""The one opener of stores, whichever engine their place names."""

from __future__ import annotations

from fairway_scripts.store.contract import is_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.store.contract import Store


def open_store(place: str, *, create: bool = False, outdated: bool = False, aside: bool = False) -> Store:
    """Open the store at `place`, making it when `create` allows.

    With `aside` it is opened to be read, and nothing is left beside it: for a store of somebody else.

    A store that an older version made is never changed in passing: it is refused, or with `outdated` opened as it
    is. Raises FairwayError: `not_found` (none there and `create` is false), `store_outdated`, `store_newer`,
    `store_damaged`, `store_busy`, `store_unavailable`.
    """
    if is_server(place):
        from fairway_scripts.store.postgres.opening import open_schema

        return open_schema(place, create=create, outdated=outdated, aside=aside)
    from fairway_scripts.store.sqlite.opening import open_file

    return open_file(place, create=create, outdated=outdated, aside=aside)


def make_store(place: str, fill: Callable[[Store], None] | None = None) -> bool:
    """Make a store at `place`, whole or not at all; whether it was made here: one made elsewhere meanwhile stays.

    `fill` puts the first contents into it, before anybody else can see it. Raises FairwayError.
    """
    if is_server(place):
        from fairway_scripts.store.postgres.opening import make_schema

        return make_schema(place, fill)
    from fairway_scripts.store.sqlite.making import make_file

    return make_file(place, fill)
