"""What the front door starts when a shadowed call has ended, as a program of its own that nobody waits for.

It is called by its path, from a checkout or an installed package, with the id of the call.
"""

from __future__ import annotations

import os
import sys

_HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main(call_id: str = "") -> None:
    """Compare this call, and what waits besides; what cannot be compared is left for the next time."""
    from fairway_scripts.calls.command_line import parse
    from fairway_scripts.catalog import find_tool
    from fairway_scripts.cutover.shadow.observing import observe
    from fairway_scripts.project.opening import open_as_it_is

    observe(open_as_it_is(parse(find_tool("parity-report"), [], None)), call_id)


if __name__ == "__main__":
    sys.path[0] = _HOME
    if os.path.exists(os.path.join(_HOME, "bin", "_start.py")):  # no installed package, but a checkout
        sys.path.append(os.path.join(_HOME, "bin"))
        import _start  # type: ignore[import-not-found]

        _start.ready()
    main(*sys.argv[1:])
