"""ci-packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import INTERRUPTED, FairwayError, suggest, suggest_call
from fairway_scripts.base.regular_files import listed_files
from fairway_scripts.base.words.watchers import checked_span
from fairway_scripts.calls.answer import say
from fairway_scripts.calls.options import number
from fairway_scripts.calls.utility_options import CI_FORMS
from fairway_scripts.utilities.ci.ci_packet import Call, Observed, ci_packet
from fairway_scripts.utilities.ci.ci_packet_text import packet_lines
from fairway_scripts.work.utility_call import finish, time_named

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import CiPacket

#: What is recorded as evidence for each outcome; anything else is `partial`.
_RESULTS = {"passed": "pass", "failed": "fail"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What ci-packet takes besides the common flags: the documents as words."""
    parser.add_argument("documents", nargs="*", metavar="FILE", help="reports of one build; - is standard input")


def run(args: CiPacket) -> int:
    """Print the packet; 0 whatever the build did, with EXIT_STATUS 1 unless it passed; 2 after the deadline."""
    call = _call(args)
    seen = ci_packet(args, call, lambda state: say(f"ci: {state}"))
    if seen.ended == "interrupted":
        say(seen.why)
        return INTERRUPTED
    refusal = _deadline(call, seen)
    if seen.packet is None:
        raise refusal or AssertionError
    packet = seen.packet
    if refusal is None and args.exit_status and packet["outcome"] != "passed":
        first = packet["first_failing"]
        where = " > ".join(first[key] for key in ("run", "job", "step", "test") if first[key])
        message = f"the build is {packet['outcome']}" + (f": {where}" if where else "")
        refusal = FairwayError("ci_failed", message, packet["next_steps"][0]["command"])
    title = f"CI {packet['outcome']}" + (f", {packet['failure_class']}" if packet["failure_class"] else "")
    result = _RESULTS.get(packet["outcome"], "partial")
    return finish(args, packet, packet_lines(packet), result=result, title=title, refusal=refusal)


def _deadline(call: Call, seen: Observed) -> FairwayError | None:
    if seen.ended != "timed_out":
        return None
    hint = suggest("ci-packet", COMMAND=call.command, WATCH=True, TIMEOUT="1h")
    return FairwayError("deadline_passed", f"{call.command}: {seen.why}", hint)


def _call(args: CiPacket) -> Call:
    """The call, checked; raises FairwayError `usage`."""
    documents = [*args.documents, *listed_files(args.document)]
    exit_code = number(args, "EXIT_CODE")
    adapter = args.adapter.strip().lower() or "auto"
    if adapter not in CI_FORMS:
        raise FairwayError(
            "usage", f"ADAPTER {args.adapter!r} is none of {', '.join(CI_FORMS)}", suggest_call(ADAPTER=None)
        )
    if args.command and (documents or exit_code is not None):
        raise FairwayError(
            "usage", "COMMAND goes without DOCUMENT and EXIT_CODE: it gives both", suggest("ci-packet", "--help")
        )
    if not args.command and (args.watch or args.poll_interval or args.timeout):
        raise FairwayError("usage", "WATCH, POLL_INTERVAL and TIMEOUT need a COMMAND", suggest("ci-packet", "--help"))
    if args.poll_interval and not args.watch:
        raise FairwayError("usage", "POLL_INTERVAL goes with WATCH", suggest("ci-packet", "--help"))
    if not documents and not args.command and exit_code is None:
        message = "nothing to read: name a DOCUMENT, a COMMAND, or an EXIT_CODE with its LOG"
        raise FairwayError("usage", message, suggest("ci-packet", "run.json", LOG="failed.log"))
    return Call(
        documents,
        args.log,
        adapter,
        exit_code,
        args.command,
        args.watch,
        checked_span("TIMEOUT", args.timeout),
        checked_span("POLL_INTERVAL", args.poll_interval),
        time_named(args.at, "ci-packet"),
    )
