"""Making a deploy packet: what was expected and what is deployed, from documents or commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import clock, digest
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.input_file import Document, read_document, refuse_faults
from fairway_scripts.programs.command_document import command_document
from fairway_scripts.utilities.ci.ci_packet import settings_here
from fairway_scripts.utilities.deploy import deploy
from fairway_scripts.utilities.deploy.deploy_file import ADAPTER, read_expected, read_observed

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import DeployPacket
    from fairway_scripts.utilities.deploy import deploy_shapes
    from fairway_scripts.utilities.deploy.deploy_shapes import DeployDocument, Service
    from fairway_scripts.utilities.utility_shapes import Finding

EXPECTED, OBSERVED = "expected", "observed"


class Call(NamedTuple):
    """What a call asks for, checked: files or a command for each side; `seconds` None when no limit was given."""

    expected: str
    expected_command: str
    observed: list[str]
    observed_command: str
    environment: str
    seconds: float | None
    at: str


def deploy_packet(args: DeployPacket, call: Call) -> deploy_shapes.DeployPacket:
    """The packet of a call: as `deploy.compare` gives it, with environment, at, findings and documents.

    Raises FairwayError: `invalid_document`, `not_found` (a file; an ENVIRONMENT that nothing is expected of),
    `file_unavailable`, `invalid_config`, `command_failed`, `deadline_passed`.
    """
    settings = settings_here(args)
    limit = call.seconds or clock.duration(settings["watchers"]["timeout"])
    grace = clock.duration(settings["watchers"]["end_grace"])

    def documents(paths: list[str], command: str) -> list[Document]:
        return [command_document(command, limit, grace)] if command else [read_document(path) for path in paths]

    wanted = documents([call.expected], call.expected_command)[0]
    expected = read_expected(wanted)
    known = [row["name"] for row in expected["environments"]]
    if call.environment and call.environment not in known:
        raise FairwayError(
            "not_found",
            f"{wanted.path} expects nothing of the environment {call.environment!r}; it has {', '.join(known)}",
            suggest("deploy-packet", "--help"),
        )
    named = [_document_row(EXPECTED, wanted, ADAPTER)]
    services: list[Service] = []
    findings: list[Finding] = []
    for document in documents(call.observed, call.observed_command):
        read = read_observed(document, expected["kubernetes"])
        named.append(_document_row(OBSERVED, document, read["adapter"]))
        placed = deploy.place_services(read["services"], expected["environments"], call.environment)
        _refuse_twice(document, services, placed)
        services += placed
        findings += read["findings"]
    compared = deploy.compare(expected, services, call.environment)
    return {**compared, "environment": call.environment, "at": call.at, "findings": findings, "documents": named}


def _refuse_twice(document: Document, before: list[Service], more: list[Service]) -> None:
    """Refuse a service that is observed twice: nobody could say which one counts."""
    seen = {(row["environment"], row["name"]) for row in before}
    for row in more:
        place = (row["environment"], row["name"])
        if place in seen:
            what = f"the service {row['name']!r} of {row['environment']!r} is observed twice"
            fault = Fault(document.path, 0, "", "", ERROR, "observed_twice", what)
            refuse_faults(document.path, [fault], "name what is deployed once; ENVIRONMENT tells environments apart")
        seen.add(place)


def _document_row(side: str, document: Document, adapter: str) -> DeployDocument:
    size, sha256 = len(document.data), digest.of_bytes(document.data)
    return {"side": side, "name": document.name, "adapter": adapter, "bytes": size, "sha256": sha256}
