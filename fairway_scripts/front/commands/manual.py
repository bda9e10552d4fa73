"""fairway-man."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.calls.answer import answer, say, write_whole
from fairway_scripts.calls.call_shapes import shape_of
from fairway_scripts.calls.tool_parsers import parser_of
from fairway_scripts.calls.umbrella import NAME
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front.commands.help_page import tool_named
from fairway_scripts.front.manual import page

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayMan
    from fairway_scripts.catalog import Tool


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where all pages go."""
    parser.add_argument("--into", default="", metavar="FOLDER", help="write the page of every tool here, as NAME.1")


def run(args: FairwayMan) -> int:
    """Print one page (of `fairway` itself without TOPIC), or write all of them."""
    if args.into:
        _write_all(args)
        return OK
    tool = tool_named(" ".join(args.topic.split()) or NAME)
    text = _page(tool)
    answer(args, {"name": tool.name, "page": text}, [text.rstrip("\n")])
    return OK


def _page(tool: Tool) -> str:
    return page(shape_of(tool, parser_of(tool)), [shape_of(word, parser_of(word)) for word in tool.words])


def _write_all(args: FairwayMan) -> None:
    if not os.path.isdir(args.into):
        raise FairwayError("file_unavailable", f"{args.into}: there is no such folder", "name a folder that is there")
    paths = []
    for tool in TOOLS.values():
        paths.append(os.path.join(args.into, f"{tool.name}.1"))
        write_whole(paths[-1], [_page(tool)])
    answer(args, {"folder": args.into, "pages": paths}, [args.into])
    say(f"wrote {len(paths)} pages")
