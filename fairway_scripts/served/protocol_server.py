"""`fairway mcp`: the tools over the Model Context Protocol, through its official SDK, on standard input and output.

A call is the tool itself, in this process: the same gates, the same ledger, and the answer that `--json` gives as
structured content. A refusal is a tool error with its hint, so that a model reads what mends it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

import mcp_types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from fairway_scripts import __version__
from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.served.calls import Outcome, call, expect_many, words_of
from fairway_scripts.served.protocol_lines import Answered, Sending, speakable
from fairway_scripts.served.protocol_tools import OFFERS, call_of, lines, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEME = "fairway"
_INSTRUCTIONS = (
    "The work queue of this repository. Read fairway://prime first: it says which task is yours and what is next. "
    "A refusal says what mends it."
)
_RESOURCES = {"task": ("queue-task-detail", "--task-id"), "lane": ("orchestrator-status", "--role")}


def serve() -> None:
    """Answer on standard input and output until the client goes. Raises OSError when an answer cannot be written."""
    expect_many()
    try:
        asyncio.run(_serve())
    except ExceptionGroup as faults:
        lost: OSError | ExceptionGroup[OSError] | None = faults.subgroup(OSError)
        while isinstance(lost, ExceptionGroup):  # what the tool does then is told by the one inside
            lost = lost.exceptions[0]
        raise lost or faults from None


async def _serve() -> None:
    server = make_server()
    async with stdio_server() as (reading, writing):
        sending = Sending(writing)
        await server.run(Answered(reading, sending), sending, server.create_initialization_options())


def make_server() -> Server[dict[str, object]]:
    """The server with its handlers; what it is connected to is the caller's business."""
    return Server(
        "fairway",
        version=__version__,
        instructions=_INSTRUCTIONS,
        on_list_tools=_list_tools,
        on_call_tool=_call_tool,
        on_list_resources=_list_resources,
        on_list_resource_templates=_list_templates,
        on_read_resource=_read_resource,
    )


async def _list_tools(_context: object, _params: object) -> types.ListToolsResult:
    said, reads = lines(), {offer.name for offer in OFFERS if offer.reads}
    tools = [
        types.Tool(
            name=name,
            description=said[name],
            input_schema=schema,
            annotations=types.ToolAnnotations(read_only_hint=True) if name in reads else None,
        )
        for name, schema in schemas().items()
    ]
    return types.ListToolsResult(tools=tools)


async def _call_tool(_context: object, params: types.CallToolRequestParams) -> types.CallToolResult:
    arguments = params.arguments or {}
    tool = params.name
    try:
        meant = call_of(params.name, arguments)
        if meant is None:
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name}")
        tool, named, words = meant
        with _project(arguments.get("project")):
            outcome = call(tool, [*words_of(named), *words])
    except FairwayError as refusal:
        outcome = Outcome(tool, refusal.exit_code, "", jsonio.dumps(refusal.as_json(tool)))
    return _result(outcome)


def _result(outcome: Outcome) -> types.CallToolResult:
    """An outcome as the protocol has it: structured where there is JSON, and the same as text for older clients."""
    if outcome.error and outcome.answer is None:
        hint = f"\nhint: {outcome.error['hint']}" if outcome.error.get("hint") else ""
        text = f"{outcome.error['word']}: {outcome.error['message']}{hint}"
        told = speakable(outcome.error)
        return types.CallToolResult(content=[_text(text)], structured_content=told, is_error=True)
    content: list[types.ContentBlock] = [
        _text(jsonio.dumps(outcome.answer) if outcome.answer is not None else outcome.text)
    ]
    content += [_text(f"{item['level']}: {item['message']}") for item in outcome.remarks if "message" in item]
    failed = outcome.code != 0
    answer = None if outcome.answer is None else speakable(outcome.answer)
    return types.CallToolResult(content=content, structured_content=answer, is_error=failed)


async def _list_resources(_context: object, _params: object) -> types.ListResourcesResult:
    prime = types.Resource(
        uri="fairway://prime", name="prime", description="What a session has to know", mime_type="text/plain"
    )
    return types.ListResourcesResult(resources=[prime])


async def _list_templates(_context: object, _params: object) -> types.ListResourceTemplatesResult:
    found = [
        types.ResourceTemplate(uri_template=f"{_SCHEME}://{kind}/{{{name}}}", name=kind, mime_type="application/json")
        for kind, name in (("task", "id"), ("lane", "name"))
    ]
    return types.ListResourceTemplatesResult(resource_templates=found)


async def _read_resource(_context: object, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    """`fairway://prime`, `fairway://task/ID`, `fairway://lane/NAME`; `?project=FOLDER` names another repository."""
    try:
        address = urlsplit(str(params.uri))
    except ValueError:
        raise MCPError(types.INVALID_PARAMS, f"there is no resource {params.uri}") from None
    kind, name = address.netloc, unquote(address.path.strip("/"))
    project = parse_qs(address.query).get("project", [""])[0]
    if address.scheme != _SCHEME or (kind != "prime" and (kind not in _RESOURCES or not name)):
        raise MCPError(types.INVALID_PARAMS, f"there is no resource {params.uri}")
    try:
        with _project(project):
            if kind == "prime":
                outcome = call("fairway-prime", [])
                if outcome.error:
                    _refused(outcome)
                return _contents(params.uri, str((outcome.answer or {}).get("page", "")), "text/plain")
            tool, flag = _RESOURCES[kind]
            outcome = call(tool, [f"{flag}={name}"])
    except FairwayError as refusal:
        raise MCPError(types.INVALID_PARAMS, refusal.message) from None
    if outcome.answer is None:
        _refused(outcome)
    return _contents(params.uri, jsonio.dumps(outcome.answer), "application/json")


def _refused(outcome: Outcome) -> NoReturn:
    error = outcome.error or {"word": "internal", "message": outcome.text}
    raise MCPError(types.INVALID_PARAMS, speakable(f"{error['word']}: {error['message']}"), speakable(error))


def _contents(uri: str, text: str, kind: str) -> types.ReadResourceResult:
    told = types.TextResourceContents(uri=uri, text=speakable(text), mime_type=kind)
    return types.ReadResourceResult(contents=[told])


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=speakable(text))


@contextlib.contextmanager
def _project(folder: object) -> Iterator[None]:
    """Stand in the project of a call for as long as it runs. Raises FairwayError `file_unavailable`."""
    if not folder:
        yield
        return
    before = os.open(".", os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            os.chdir(str(folder))
        except (OSError, ValueError) as problem:
            raise FairwayError("file_unavailable", f"project {folder}: {problem}") from problem
        yield
    finally:
        os.fchdir(before)
        os.close(before)
