"""`fairway mcp`, asked by the SDK's own client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base.errors import READER_GONE
from fairway_scripts.catalog import TOOLS
from fairway_scripts.served.protocol_tools import OFFERS, call_of, schemas
from tests.support.shell import BIN, HOME, Checkout, environment, make_checkout, queue_text, run_tool, task


def sdk() -> Any:
    """The official SDK; without it these tests are skipped, and fail under CI."""
    if os.environ.get("CI"):
        import mcp
    else:
        mcp = pytest.importorskip("mcp")
    return mcp


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


def ask(cwd: str, talk: Callable[[Any], Awaitable[Any]]) -> Any:
    """What a conversation with a server that was started in `cwd` comes to."""
    mcp = sdk()
    server = mcp.StdioServerParameters(
        command=sys.executable, args=[os.path.join(BIN, "fairway-mcp")], env=environment(), cwd=cwd
    )

    async def converse() -> Any:
        async with mcp.Client(mcp.stdio_client(server)) as client:
            return await talk(client)

    return asyncio.run(asyncio.wait_for(converse(), 90))


def called(cwd: str, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The results of calls, one after the other."""

    async def talk(client: Any) -> list[Any]:
        return [await client.call_tool(name, arguments) for name, arguments in calls]

    found: list[Any] = ask(cwd, talk)
    return found


class TestTools:
    def test_nine_tools_in_few_words(self, project: Checkout) -> None:
        async def talk(client: Any) -> Any:
            return await client.list_tools()

        tools = ask(project.main, talk).tools
        assert [tool.name for tool in tools] == [*(offer.name for offer in OFFERS), "fairway_run"]
        listed = json.dumps(
            [tool.model_dump(by_alias=True, exclude_none=True) for tool in tools], separators=(",", ":")
        )
        assert len(listed) < 4_500  # four characters a token, and a little: the page says what a tokenizer counts

    @pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.name)
    def test_what_is_offered_is_what_the_tool_takes(self, offer: Any) -> None:
        assert set(offer.arguments.split()) <= set(TOOLS[offer.tool].all_variables)
        assert set(offer.required.split()) <= set(offer.arguments.split())
        schema = schemas()[offer.name]
        assert ("fence" in schema["properties"]) is TOOLS[offer.tool].mutates
        assert call_of(offer.name, {"project": "x", "task_id": "B-1"}) == (offer.tool, {"task_id": "B-1"}, [])

    def test_a_task_walks_through_the_tools(self, project: Checkout) -> None:
        ready, claimed, proved, again, page, moved = called(
            project.main,
            ("ready", {"role": "B-ui", "limit": 1}),
            ("claim", {"role": "B-ui", "owner": "B", "request_id": "r-1"}),
            ("record-evidence", {"task_id": "B-1", "command_text": "make test", "result": "fail", "fence": 1}),
            ("claim", {"role": "B-ui", "owner": "B", "request_id": "r-1"}),
            ("task-detail", {"task_id": "B-1"}),
            ("fairway_run", {"tool": "release", "arguments": {"task_id": "B-1", "reason": "later"}}),
        )
        assert ready.structured_content["tasks"][0]["task_id"] == "B-1"
        assert (claimed.structured_content["task_id"], claimed.structured_content["fence"]) == ("B-1", 1)
        assert json.loads(ready.content[0].text) == ready.structured_content
        assert not proved.is_error
        assert again.structured_content["task_id"] == "B-1"
        assert page.structured_content["evidence"][0]["result"] == "fail"
        assert not moved.is_error
        assert project.detail("B-1")["status"] == "todo"
        assert json.loads(project.ok("queue-task-detail", "B-1", "--json").out)["fence"] == 2

    def test_a_refusal_is_a_tool_error_with_its_hint(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "other")
        taken, outdated, missing, unknown = called(
            project.main,
            ("claim", {"role": "B-ui", "owner": "C", "task_id": "B-1"}),
            ("set-status", {"task_id": "B-1", "status": "blocked", "reason": "x", "fence": 7}),
            ("claim", {"role": "B-ui"}),
            ("fairway_run", {"tool": "frobnicate"}),
        )
        assert [result.is_error for result in (taken, outdated, missing, unknown)] == [True] * 4
        assert taken.structured_content["word"] == "already_claimed"
        assert taken.content[0].text.startswith("already_claimed: B-1 is claimed by other")
        assert "\nhint: " in taken.content[0].text
        assert outdated.structured_content["word"] == "fence_outdated"
        assert (missing.structured_content["word"], unknown.structured_content["word"]) == ("usage", "not_found")

    def test_arguments_of_another_shape(self, project: Checkout) -> None:
        shapes: list[dict[str, Any]] = [{"arguments": "B-1"}, {"arguments": ["B-1"]}, {"words": "B-1"}]
        for refused in called(project.main, *(("fairway_run", {"tool": "task-detail", **wrong}) for wrong in shapes)):
            assert refused.is_error
            assert refused.structured_content["word"] == "usage"

    def test_each_call_may_name_its_project(self, project: Checkout, tmp_path: Path) -> None:
        (tmp_path / "second").mkdir()
        other = make_checkout(tmp_path / "second", queue_text(task("C-7", role="C-ops")), lanes=[])
        here, there, nowhere, here_again = called(
            project.main,
            ("ready", {}),
            ("ready", {"project": other.main}),
            ("ready", {"project": str(tmp_path / "none")}),
            ("ready", {}),
        )
        assert [row["task_id"] for row in there.structured_content["tasks"]] == ["C-7"]
        assert here.structured_content == here_again.structured_content
        assert (nowhere.is_error, nowhere.structured_content["word"]) == (True, "file_unavailable")

    def test_what_a_call_prints_never_reaches_the_protocol(self, project: Checkout) -> None:
        command = {
            "tool": "watcher-run",
            "arguments": {"task_id": "B-1"},
            "words": ["--", "sh", "-c", "echo loud; cat"],
        }
        run, after = called(project.main, ("fairway_run", command), ("ready", {}))
        assert not run.is_error
        assert not after.is_error


OPENING = {
    "jsonrpc": "2.0",
    "id": "open",
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


def serve(cwd: str, *lines: bytes, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    """What a server says to lines as they are, until they end."""
    sdk()
    said = [json.dumps(OPENING).encode(), b'{"jsonrpc":"2.0","method":"notifications/initialized"}', *lines]
    words = [sys.executable, os.path.join(BIN, "fairway-mcp")]
    given, errors = b"\n".join(said), subprocess.PIPE
    return subprocess.run(
        words, cwd=cwd, env=environment(), input=given, stdout=stdout, stderr=errors, timeout=90, check=False
    )


def answered(cwd: str, *lines: bytes) -> dict[object, dict[str, Any]]:
    """The answers to lines as they are, by the id of each."""
    found = {answer["id"]: answer for answer in map(json.loads, serve(cwd, *lines).stdout.splitlines())}
    del found["open"]
    return found


def claim(number: int, task_id: str) -> bytes:
    arguments = {"role": "B-ui", "owner": "B", "task_id": task_id}
    params = {"name": "claim", "arguments": arguments}
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}).encode()


class TestInputThatEnds:
    """`printf ... | fairway mcp`: what was asked is answered before the server goes."""

    def test_every_request_is_answered(self, project: Checkout) -> None:
        given = serve(project.main, claim(1, "B-1"), claim(2, "B-2"), claim(2, "B-2"), claim(3, "B-9"))
        answers = [json.loads(line) for line in given.stdout.splitlines()]
        assert sorted(str(answer["id"]) for answer in answers) == ["1", "2", "2", "3", "open"]
        found = {answer["id"]: answer["result"].get("structuredContent", {}) for answer in answers}
        assert (found[1]["task_id"], found[2]["task_id"], found[3]["word"]) == ("B-1", "B-2", "not_found")

    def test_an_id_that_is_given_again_is_answered_as_often(self, project: Checkout) -> None:
        ping = b'{"jsonrpc":"2.0","id":"p","method":"ping"}'
        given = serve(project.main, claim(1, "B-1"), *[ping] * 40, claim(2, "B-2"), *[ping] * 40)
        assert [json.loads(line)["id"] for line in given.stdout.splitlines()].count("p") == 80

    @pytest.mark.parametrize("request_id", ["1", "[]", "null"])
    def test_one_that_was_cancelled_is_not_waited_for(self, project: Checkout, request_id: str) -> None:
        over = f'{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{request_id}}}}}'
        assert serve(project.main, claim(1, "B-1"), over.encode()).returncode == 0

    def test_a_client_that_has_gone_ends_it_without_a_word(self, project: Checkout) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        ended = serve(project.main, stdout=writing)
        os.close(writing)
        assert (ended.returncode, ended.stderr) == (READER_GONE, b"")


class TestLines:
    """A client waits for the answer to each request: a line that nobody can read is answered as well."""

    def test_what_is_no_request_gets_an_error_and_the_next_is_answered(self, project: Checkout) -> None:
        ping = b'{"jsonrpc":"2.0","id":"next","method":"ping"}'
        lines: list[tuple[bytes, object, int]] = [
            (b"{nope", None, -32700),
            (b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":' + b"[" * 100_000 + b"]" * 100_000, None, -32700),
            (b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]', None, -32600),
            (b'"ping"', None, -32600),
            (b'{"id":3,"method":"ping"}', 3, -32600),
            (b'{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"\\ud800"}}', 4, -32602),
            (b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}', None, -32602),
            (b'{"jsonrpc":"2.0","id":5,"method":"no/such"}', 5, -32601),
            (b'{"jsonrpc":"2.0","id":6,"method":"resources/read","params":{"uri":"fairway://[x/"}}', 6, -32602),
        ]
        given = [part for line, _asked, _code in lines for part in (line, b"", ping)]
        answers = [json.loads(line) for line in serve(project.main, *given).stdout.splitlines()]
        errors = [(answer["id"], answer["error"]["code"]) for answer in answers if "error" in answer]
        assert Counter(errors) == Counter((asked, code) for _line, asked, code in lines)
        assert [answer["result"] for answer in answers if answer["id"] == "next"] == [{}] * len(lines)
        assert len(answers) == 2 * len(lines) + 1  # and that of the opening

    def test_a_call_without_a_tool_is_refused_as_one_of_no_tool(self, project: Checkout) -> None:
        given: list[dict[str, Any]] = [{}, {"tool": ""}, {"tool": "  "}]
        for refused in called(project.main, *(("fairway_run", words) for words in given)):
            assert refused.structured_content["word"] == "not_found"

    def test_a_name_of_a_file_that_is_no_text_is_written_out(self, tmp_path: Path) -> None:
        folder = os.path.join(os.fsencode(tmp_path), b"bytes\xff")
        try:
            os.mkdir(folder)
        except OSError:
            pytest.skip("this file system takes text alone")
        subprocess.run(["git", "init", "-q", folder], check=True)
        line = {"name": "fairway_run", "arguments": {"tool": "where"}}
        call = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": line}).encode()
        found = answered(os.fsdecode(folder), call)
        assert found[1]["result"]["structuredContent"]["root"].endswith("bytes\\udcff")


class TestResources:
    def test_prime_tasks_and_lanes(self, project: Checkout) -> None:
        async def talk(client: Any) -> Any:
            listed = await client.list_resources()
            templates = await client.list_resource_templates()
            read = [await client.read_resource(f"fairway://{name}") for name in ("prime", "task/B-1", "lane/B-ui")]
            return listed, templates, [found.contents[0].text for found in read]

        listed, templates, (prime, page, lane) = ask(project.main, talk)
        assert [str(resource.uri) for resource in listed.resources] == ["fairway://prime"]
        assert [found.uri_template for found in templates.resource_templates] == [
            "fairway://task/{id}",
            "fairway://lane/{name}",
        ]
        assert prime.startswith("# fairway: work state of gpuaas")
        assert json.loads(page)["task_id"] == "B-1"
        assert json.loads(lane)["schema"] == "orchestrator-status/1"

    def test_what_is_not_there_is_an_error(self, project: Checkout) -> None:
        mcp = sdk()

        async def talk(client: Any) -> None:
            with pytest.raises(mcp.MCPError, match="there is no tool no-such-tool"):
                await client.call_tool("no-such-tool", {})
            for uri in ("fairway://task/B-99", "fairway://task", "fairway://other/x", "http://x/y"):
                with pytest.raises(mcp.MCPError):
                    await client.read_resource(uri)

        ask(project.main, talk)


def test_without_the_sdk_the_line_that_installs_it_is_printed(project: Checkout, tmp_path: Path) -> None:
    (tmp_path / "lib" / "mcp_types").mkdir(parents=True)
    (tmp_path / "lib" / "mcp_types" / "__init__.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'mcp_types'\", name='mcp_types')\n"
    )
    answer = run_tool("fairway-mcp", cwd=project.main, env={"PYTHONPATH": str(tmp_path / "lib")})
    assert (answer.code, answer.word) == (2, "missing_dependency")
    assert f"hint: make -C {HOME} setup" in answer.err
