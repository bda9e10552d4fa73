"""fairway-mcp."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayMcp

_PARTS = ("mcp", "mcp_types")


def run(_args: FairwayMcp) -> int:
    """Serve until the client goes."""
    try:
        from fairway_scripts.served.protocol_server import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in _PARTS:
            raise
        from fairway_scripts.base.extras import install_line

        message = f"the Python package {missing.name} is missing"
        raise FairwayError("missing_dependency", message, install_line("mcp")) from None
    serve()
    return OK
