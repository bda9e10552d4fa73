"""fairway-mcp."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError, suggest_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PARTS = ("mcp", "mcp_types")


def run(_args: Any) -> int:
    """Serve until the client goes."""
    try:
        from fairway_scripts.served.protocol_server import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _PARTS:
            raise
        hint = suggest_program("pip", "install", "fairway-scripts[mcp]")
        raise FairwayError("missing_dependency", f"the Python package {missing.name} is missing", hint) from None
    serve()
    return OK
