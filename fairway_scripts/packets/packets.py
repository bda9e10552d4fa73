"""Packets: gathering their fields from the call and the store, refusing incomplete ones, keeping them as evidence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, digest
from fairway_scripts.base.errors import FairwayError, suggest, suggest_again
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.packets import checks
from fairway_scripts.packets import packet_sources as sources
from fairway_scripts.packets.fields import PACKETS, from_template
from fairway_scripts.packets.notes import lines_of, split_notes
from fairway_scripts.project.changes import Change
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.secrets.secret_guard import redact_text
from fairway_scripts.work.records import artifact_columns, insert_evidence, tested_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import PacketCall
    from fairway_scripts.packets.fields import Packet
    from fairway_scripts.packets.packet_shapes import KeptPacket, PacketData
    from fairway_scripts.project.project import Project
    from fairway_scripts.work.evidence import NewEvidence


def compose(project: Project | None, packet: Packet, given: dict[str, list[str]], args: PacketCall) -> PacketData:
    """The packet as plain data.

    `given` holds what the call and the environment say, by field; the store fills the rest, then the defaults.
    `project` is None where there is none (only for packets that need no task). Returns `{packet, tool, title,
    subject, task, values, faults, now}`: `task` the detail with `live_sessions` and
    `unused_notes` or None, `values` lines by field, `faults`
    `{field, problem}`, which are there only with DRAFT. Raises FairwayError: `not_found`, `packet_incomplete`.
    """
    task, stored = None, dict[str, list[str]]()
    if project is not None:
        if args.task_id:
            task, stored = sources.task_sources(project, args.task_id)
        if given.get("watch_id"):
            stored |= sources.watcher_sources(project, given["watch_id"][0])
    values = {
        field.name: given.get(field.name) or stored.get(field.stored, []) or list(field.default)
        for field in packet.fields
    }
    faults = checks.missing_fields(packet, values) + _rule_faults(project, packet, values, args.task_id)
    if faults and not args.draft:
        raise _incomplete(packet, faults, args)
    if task is not None:
        shown = {line for texts in values.values() for text in texts for line in lines_of(text)}
        parts = split_notes(task["notes"])
        task["unused_notes"] = [list(part) for part in parts if not shown.issuperset(lines_of(part[1]))]
    subject = args.task_id or "".join(values.get("watch_id", [])[:1])
    return {
        "packet": packet.name,
        "tool": packet.tool,
        "title": f"{packet.title}: {subject}" if subject else packet.title,
        "subject": subject,
        "task": task,
        "values": values,
        "faults": faults,
        "now": clock.now(),
    }


def template(project: Project, name: str) -> Packet:
    """The packet that a template describes: a configured one, else one of the suite's own by its name.

    Raises FairwayError `not_found` with the names that there are, `usage` when none is named.
    """
    configured = {row["name"]: row for row in project.settings["packet_templates"]}
    if name in configured:
        return from_template(name, configured[name]["required_fields"], configured[name]["optional_fields"])
    if name in PACKETS:
        own = PACKETS[name].fields
        required = [field.name for field in own if field.required]
        return from_template(name, required, [field.name for field in own if not field.required])
    names = ", ".join(sorted({*configured, *PACKETS}))
    hint = suggest("packet-template", TEMPLATE=None)
    if not name:
        raise FairwayError("usage", f"TEMPLATE is required; templates: {names}", hint)
    raise FairwayError("not_found", f"there is no packet template {name!r}; templates: {names}", hint)


def template_warning(project: Project, name: str, task_id: str) -> str:
    """What is to be said of a template that is meant for other workstream profiles than the task's, "" for nothing."""
    templates = project.settings["packet_templates"]
    meant: list[str] = next((row["profiles"] for row in templates if row["name"] == name), [])
    if not meant or not task_id:
        return ""
    with project.store.read() as tx:
        known = tx.one("gates.profile_of", task_id=task_id)
    if known is None or known["profile"] in meant:
        return ""
    return f"{name} is for {', '.join(meant)}, and {task_id} is of {known['profile'] or 'no profile'}"


def prove(project: Project, values: dict[str, list[str]], given: str) -> NewEvidence:
    """Run the proof command of a bug-fix packet in the work tree; what came of it, ready to be recorded.

    `given` is how long it may take, "" for as long as a watcher.

    Raises FairwayError `usage` for a time limit that is none.
    """
    from fairway_scripts.programs.proof_run import run_proof

    written = given or project.settings["watchers"]["timeout"]
    try:
        limit = clock.duration(written)
    except ValueError:
        raise FairwayError("usage", f"PROOF_TIMEOUT {written!r} is no time such as 10m or 1h30m") from None
    command = values["proof_command"][0]
    tested = tested_columns(project, "", "")
    ran = run_proof(command, project.worktree, limit)
    ended = f"stopped after {written}" if ran["timed_out"] else f"exit code {ran['exit_code']}"
    return {
        "command_text": command,
        "result": "pass" if ran["exit_code"] == 0 else "fail",
        "duration_seconds": ran["duration_seconds"],
        "notes": redact_text(project, f"{ended}\n{ran['output']}".rstrip(), "the output of the proof"),
        "artifact_type": "proof",
        "producer": "runner",
        "run_by": project.tool,
        **artifact_columns(project, ""),
        **tested,
    }


def keep(
    project: Project, args: PacketCall, packet: PacketData, proof: NewEvidence | None, text: Callable[[], str]
) -> KeptPacket:
    """Record a packet (with ATTACH) and the run of its proof as evidence of the task: one transaction, one event.

    The packet is kept in the file of OUTPUT, else beside the store under the name of its hash. Returns
    `{text, task_id, evidence, path, sha256}`: the ids that were recorded, the file, and the first answer for a
    repeated REQUEST_ID. Raises FairwayError: `not_found`, `fence_outdated`, `file_unavailable`.
    """
    with Change(project, args) as change:
        done: KeptPacket | None = change.repeated()
        if done is not None:
            return done
        change.state(args.task_id)
        kept: KeptPacket = {"task_id": args.task_id, "evidence": [], "path": "", "sha256": "", "text": ""}
        event: dict[str, object] = {"packet": packet["packet"], "rows": []}
        if proof is not None:
            row_id = insert_evidence(change, args.task_id, proof)
            kept["evidence"].append(row_id)
            event |= {"command_text": proof["command_text"], "result": proof["result"]}
        kept["text"] = text()
        if args.attach:
            kept["text"] = redact_text(project, kept["text"], "the packet")
            kept["sha256"] = digest.of_text(kept["text"])
            kept["path"] = _store_file(project, args, packet, kept["text"], kept["sha256"])
            row = _packet_row(change, packet, kept["path"])
            kept["evidence"].append(insert_evidence(change, args.task_id, row))
            event |= {"artifact_sha256": kept["sha256"]}
            event.setdefault("command_text", row["command_text"])
        event["rows"] = [["task_evidence", row_id] for row_id in kept["evidence"]]
        change.record("evidence_recorded", args.task_id, event)
        return change.finish(kept)


def _rule_faults(
    project: Project | None, packet: Packet, values: dict[str, list[str]], task_id: str
) -> list[dict[str, str]]:
    faults = []
    if packet is PACKETS["bugfix"] and project is not None:
        others = sources.open_among(project, checks.named_tasks(values))
        faults += checks.bugfix_faults(values, task_id, others)
    pack = checks.pack_named(values)
    if pack and project is not None and packet.name in ("context", "bugfix"):
        faults += checks.pack_faults(packet, pack, *sources.known_packs(project))
    return faults


def _incomplete(packet: Packet, faults: list[dict[str, str]], args: PacketCall) -> FairwayError:
    missing = {fault["field"] for fault in faults}
    asked = [field for field in packet.fields if field.variable in missing]
    if packet.tool == "packet-template":
        words = [word for field in asked for word in ("--field", f"{field.name}=<{field.name}>")]
        line = suggest(packet.tool, packet.name, *words, TASK_ID=args.task_id)
    else:
        line = suggest_again(args, **dict.fromkeys(field.variable for field in asked))
    return FairwayError(
        "packet_incomplete",
        f"{packet.name} packet{f' of {args.task_id}' if args.task_id else ''}: {checks.told(faults)}; "
        "--draft prints it with this marked",
        line,
        missing=faults,
    )


def _store_file(project: Project, args: PacketCall, packet: PacketData, text: str, sha256: str) -> str:
    """Write the packet's file; its absolute path."""
    path = os.path.abspath(args.output) if args.output else ""
    if not path:
        folder = os.path.join(store_folder(project), "packets")
        make_folder(folder)
        plain = "".join(char if char.isalnum() or char in "-_." else "_" for char in args.task_id)
        ending = "json" if args.json else "md"
        path = os.path.join(folder, f"{plain}-{packet['packet']}-{sha256[:16]}.{ending}")
    replace_file(path, text.encode())
    share(path)
    return path


def _packet_row(change: Change, packet: PacketData, path: str) -> NewEvidence:
    project = change.project
    artifact = artifact_columns(project, path)
    return {
        "command_text": f"{packet['tool']} {packet['subject']}",
        "result": "pass" if not packet["faults"] else "partial",
        "artifact_type": "packet",
        "duration_seconds": None,
        "notes": packet["title"],
        "producer": "runner",
        "run_by": project.tool,
        **artifact,
        **tested_columns(project, "", artifact["artifact_path"], change.tx),
    }
