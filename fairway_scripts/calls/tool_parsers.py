"""The whole parser of any tool: what the catalogue gives it, and what its command module adds."""

from __future__ import annotations

import importlib

from fairway_scripts.calls.command_line import parser_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.catalog import Tool


def parser_of(tool: Tool) -> argparse.ArgumentParser:
    """The parser that reads the calls of a tool, its own arguments included."""
    parser = parser_for(tool)
    module = importlib.import_module(f"fairway_scripts.{tool.module}")
    if hasattr(module, "arguments"):
        module.arguments(parser)
    return parser
