"""deploy-packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.regular_files import listed_files
from fairway_scripts.base.words.watchers import checked_span
from fairway_scripts.formats.input_file import STANDARD_INPUT
from fairway_scripts.utilities.deploy.deploy import DIFFERS, MISSING
from fairway_scripts.utilities.deploy.deploy_packet import Call, deploy_packet
from fairway_scripts.utilities.deploy.deploy_packet_text import packet_lines
from fairway_scripts.work.utility_call import finish, time_named

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import DeployPacket


def run(args: DeployPacket) -> int:
    """Print the packet; 0 when everything that is expected was observed, 1 on any difference or gap."""
    packet = deploy_packet(args, _call(args))
    counts = packet["counts"]
    refusal = None
    title = f"deploy readback: {counts['match']} match"
    if packet["outcome"] == DIFFERS:
        wrong = [row for row in packet["rows"] if row["result"] in (DIFFERS, MISSING)]
        places = ", ".join(f"{row['environment']} > {row['service']} > {row['field']}" for row in wrong[:3])
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        message = f"{counts[DIFFERS]} differ, {counts[MISSING]} missing: {places}{more}"
        refusal = FairwayError("deploy_differs", message, "deploy what is expected, or correct EXPECTED; then again")
        title += f", {counts[DIFFERS]} differ, {counts[MISSING]} missing"
    result = "fail" if refusal else "pass"
    return finish(args, packet, packet_lines(packet), result=result, title=title, refusal=refusal)


def _call(args: DeployPacket) -> Call:
    """The call, checked; raises FairwayError `usage`."""
    observed = listed_files(args.observed)
    for name, file, command in (
        ("EXPECTED", args.expected, args.expected_command),
        ("OBSERVED", observed, args.observed_command),
    ):
        if bool(file) == bool(command.strip()):
            what = f"{name} and {name}_COMMAND are both given" if file else f"{name} or {name}_COMMAND is required"
            raise FairwayError("usage", what, suggest("deploy-packet", EXPECTED=None, OBSERVED=None))
    if [args.expected, *observed].count(STANDARD_INPUT) > 1:
        raise FairwayError(
            "usage", "standard input can be read once only", suggest("deploy-packet", EXPECTED=None, OBSERVED=None)
        )
    if args.timeout and not (args.expected_command or args.observed_command):
        raise FairwayError("usage", "TIMEOUT goes with a command", suggest("deploy-packet", "--help"))
    return Call(
        args.expected,
        args.expected_command,
        observed,
        args.observed_command,
        args.environment.strip(),
        checked_span("TIMEOUT", args.timeout),
        time_named(args.at, args.tool),
    )
