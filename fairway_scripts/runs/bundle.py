"""A bundle of evidence: the manifest of a finished run, and recording all of it in one transaction."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest_again, suggest_program
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.base.identity import clean_name
from fairway_scripts.base.progress import counted
from fairway_scripts.base.regular_files import listed_files
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.formats.input_file import STANDARD_INPUT, read_document
from fairway_scripts.git import references
from fairway_scripts.git.tested_tree import commit_tested
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.secrets.secret_guard import refuse_file, refuse_text
from fairway_scripts.runs import run_folder
from fairway_scripts.runs.bundle_rules import Bundle, manifest_command, overall
from fairway_scripts.runs.command_list import read_command_list
from fairway_scripts.runs.evidence_manifest import SCHEMA
from fairway_scripts.work.commits import resolve_commit
from fairway_scripts.work.evidence import RUNNER, checked_producer, checked_result
from fairway_scripts.work.local_artifacts import counting
from fairway_scripts.work.records import artifact_columns, insert_evidence
from fairway_scripts.work.reviewers import check_typed

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import EvidenceBundle
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import (
        BundledCommand,
        BundleManifest,
        GatheredBundle,
        ListedCommand,
        RecordedBundle,
        RunFile,
    )
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.work.evidence import Proof, Tested

MANIFEST_TYPE = SCHEMA.partition("/")[0]


def gather(project: Project, args: EvidenceBundle, own_files: list[str]) -> GatheredBundle:
    """What there is of a finished run, read and checked; nothing is written and no store is needed.

    FROM, ARTIFACTS and COMMANDS_FILE say where it is, RESULT stands for results that nothing else says. `own_files`
    are what the bundle itself will write. Returns `{manifest, text, sha256, base, silent}`: `manifest` as plain data,
    `text` its file, `base` the folder where its paths begin, `silent` the utilities' artifacts without a result.
    Raises FairwayError: `usage`, `not_found`, `file_unavailable`, `invalid_document`.
    """
    given = checked_result(args.result) if args.result.strip() else ""
    files = _files(args, own_files)
    root, base = _root(project, args, files)
    names = {path: os.path.relpath(path, base) for path in files}
    ordered = counted(sorted(names.items(), key=lambda item: item[1]), "reading artifacts", len(names))
    described = [run_folder.describe(path, name) for path, name in ordered]
    bundle = Bundle(described, given)
    for row, path, shown in _listed(args, base):
        clean_name(row["artifact_type"], "artifact_type")
        artifact = _absolute(os.path.join(path, row["artifact"])) if row["artifact"] else ""
        bundle.listed(row, shown, os.path.relpath(artifact, base) if artifact else "")
    bundle.unlisted(lambda name: run_folder.command_of(os.path.join(base, name)))
    bundle.refuse()
    manifest: BundleManifest = {
        "schema": SCHEMA,
        "task_id": args.task_id,
        "root": root,
        "commit": resolve_commit(project, args.commit) if args.commit else None,
        "artifacts": [run_folder.entry_of(row) for row in described],
        "commands": bundle.commands,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    silent = [row["path"] for row in described if not _spoken(row, bundle)]
    return {"manifest": manifest, "text": text, "sha256": digest.of_text(text), "base": base, "silent": silent}


def record_bundle(project: Project, args: EvidenceBundle, bundle: GatheredBundle, path: str) -> RecordedBundle:
    """Record every command of a bundle and its manifest as evidence: one transaction, one event.

    The manifest is written to `path`, or beside the store when that is "". A bundle whose manifest (by its sha256) is
    evidence of the task already adds nothing. Returns `{task_id, manifest_path, manifest_sha256, evidence, already}`:
    the ids that were recorded, and the id of the manifest that was there before or None. Raises FairwayError:
    `not_found` (task), `fence_outdated`, `file_unavailable`, `usage` (where to keep the manifest).
    """
    repeated: RecordedBundle | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    producer = checked_producer(args.producer)
    _refuse_secrets(project, bundle)
    path = path or _place(project, bundle)
    answer: RecordedBundle = {
        "task_id": args.task_id,
        "manifest_path": path,
        "manifest_sha256": bundle["sha256"],
        "evidence": [],
        "already": None,
    }
    with Change(project, args) as change:
        done: RecordedBundle | None = change.repeated()
        if done is not None:
            return done
        state = change.state(args.task_id)
        if producer == RUNNER:
            check_typed(change, state, producer, "")
        known = change.tx.value(
            "evidence_checks.of_manifest", task_id=args.task_id, artifact_type=MANIFEST_TYPE, sha256=bundle["sha256"]
        )
        if known is not None:
            answer["already"] = known
            return change.finish(answer)
        replace_file(path, bundle["text"].encode())
        tested = _tested(project, change.tx, args.commit, bundle, path)
        rows = [_row(project, bundle, command) for command in bundle["manifest"]["commands"]]
        rows.append(_manifest_row(project, args.task_id, bundle, path))
        ids = [
            insert_evidence(change, args.task_id, {**row, "producer": producer, "run_by": None, **tested})
            for row in rows
        ]
        told = {"rows": [["task_evidence", row_id] for row_id in ids], "command_text": rows[-1]["command_text"]}
        result = rows[-1]["result"]
        event = {**told, "result": result, "artifact_sha256": bundle["sha256"]}
        change.record("evidence_recorded", args.task_id, event)
        answer["evidence"] = ids
        return change.finish(answer)


def _refuse_secrets(project: Project, bundle: GatheredBundle) -> None:
    """Raise FairwayError `secret_found` for a file, command or note of the run that holds a secret."""
    for command in bundle["manifest"]["commands"]:
        refuse_text(project, "COMMAND", command["command"])
        refuse_text(project, "NOTES", command["notes"])
    for entry in bundle["manifest"]["artifacts"]:
        refuse_file(project, os.path.join(bundle["base"], entry["path"]), entry["path"])


def _files(args: EvidenceBundle, own_files: list[str]) -> list[str]:
    """Every file of the run, absolute, each once."""
    found = [_absolute(path) for path in run_folder.files_below(args.source)] if args.source else []
    named = listed_files(args.artifacts)
    for path in named:
        if not os.path.exists(path):
            raise FairwayError(
                "not_found", f"there is no artifact {path}", suggest_program("ls", "-l", os.path.dirname(path) or ".")
            )
    found += [_absolute(path) for path in named]
    own = {_absolute(path) for path in own_files}
    files = sorted({path for path in found if path not in own})
    if not files and not args.commands_file:
        raise FairwayError(
            "usage",
            f"{args.source}: has no file" if args.source else "FROM, ARTIFACTS or COMMANDS_FILE is required",
            suggest_again(args, FROM=None),
        )
    return files


def _root(project: Project, args: EvidenceBundle, files: list[str]) -> tuple[str, str]:
    """Where the manifest's paths begin: the top of the work tree that holds all files, else the folder of the run."""
    tree = project.repository.worktree if project.repository else None
    if tree and all(_inside(path, tree) and not _inside(path, os.path.join(tree, ".git")) for path in files):
        return "worktree", tree
    folder = os.path.realpath(args.source) if args.source else os.path.commonpath([os.path.dirname(p) for p in files])
    outside = next((path for path in files if not _inside(path, folder)), "")
    if outside:
        raise FairwayError(
            "usage",
            f"{outside} lies outside of {folder} and not all files lie in one work tree",
            "copy all that belongs to the run into one folder, and name that as FROM",
        )
    return "folder", folder


def _listed(args: EvidenceBundle, base: str) -> list[tuple[ListedCommand, str, str]]:
    """The commands of the list: each with the folder its artifact is relative to, and the list as messages name it."""
    place = args.commands_file
    if not place and args.source:
        names = (os.path.join(args.source, name) for name in run_folder.COMMAND_LISTS)
        place = next((name for name in names if os.path.isfile(name)), "")
    if not place:
        return []
    document = read_document(place)
    folder = args.source or base if place == STANDARD_INPUT else os.path.dirname(place)
    return [(row, folder, document.path) for row in read_command_list(document.data, document.path)]


def _spoken(row: RunFile, bundle: Bundle) -> bool:
    """Whether a file has a record of its own, or is of a type that needs none."""
    return row["path"] in bundle.spoken_for or row["type"] in ("file", "command_log", "command_list", "exit_code")


def _place(project: Project, bundle: GatheredBundle) -> str:
    """Where a manifest is kept that no OUTPUT names: paths that begin at the manifest need it in their folder.

    Another manifest that lies there may be evidence, of another task or of an earlier state: it stays as it is.
    """
    if bundle["manifest"]["root"] == "folder":
        plain = os.path.join(bundle["base"], run_folder.MANIFEST_NAME)
        other = os.path.join(bundle["base"], f"{MANIFEST_TYPE}-{bundle['sha256'][:16]}.json")
        return other if _is_another(plain, bundle["sha256"]) else plain
    folder = os.path.join(store_folder(project), "artifacts")
    make_folder(folder)
    return os.path.join(folder, f"{MANIFEST_TYPE}-{bundle['sha256'][:16]}.json")


def _is_another(path: str, sha256: str) -> bool:
    """Whether there is a file with other bytes; what cannot be read is left to the attempt to replace it."""
    try:
        return digest.of_file(path) != sha256
    except OSError:
        return False


def _row(project: Project, bundle: GatheredBundle, command: BundledCommand) -> Proof:
    artifact = os.path.join(bundle["base"], command["artifact"]) if command["artifact"] else ""
    return {
        "command_text": command["command"],
        "result": command["result"],
        "artifact_type": command["artifact_type"],
        "duration_seconds": command["duration_seconds"],
        "notes": command["notes"],
        **artifact_columns(project, artifact),
    }


def _manifest_row(project: Project, task_id: str, bundle: GatheredBundle, path: str) -> Proof:
    count = len(bundle["manifest"]["artifacts"])
    return {
        "command_text": manifest_command(task_id),
        "result": overall(bundle["manifest"]["commands"]),
        "artifact_type": MANIFEST_TYPE,
        "duration_seconds": None,
        "notes": f"manifest of {count} artifacts and {len(bundle['manifest']['commands'])} commands",
        **artifact_columns(project, path),
    }


def _tested(project: Project, tx: Transaction, commit: str, bundle: GatheredBundle, manifest: str) -> Tested:
    """The columns commit_sha, branch, tree_dirty. What the run itself wrote makes no tree dirty."""
    repository = project.repository
    if repository is None or repository.worktree is None:
        return {"commit_sha": bundle["manifest"]["commit"], "branch": None, "tree_dirty": 0}
    if commit:
        here = references.read_ref(repository, "HEAD") == bundle["manifest"]["commit"]
        branch = references.head_branch(repository) if here else None
        return {"commit_sha": bundle["manifest"]["commit"], "branch": branch, "tree_dirty": 0}
    own = {os.path.relpath(manifest, repository.worktree), os.path.relpath(_script(manifest), repository.worktree)}
    for entry in bundle["manifest"]["artifacts"]:
        own.add(os.path.relpath(os.path.join(bundle["base"], entry["path"]), repository.worktree))
    tested = commit_tested(repository.worktree, counting(project, own, tx=tx))
    if tested["tree_dirty"]:
        project.notes.append("the work tree has uncommitted changes, so this evidence counts as stale")
    return {**tested, "tree_dirty": int(tested["tree_dirty"])}


def outputs(given: str) -> tuple[str, str]:
    """The manifest and the script that OUTPUT stands for: a folder holds both, a file is the manifest."""
    if not given:
        return "", ""
    if given.endswith("/") or os.path.isdir(given):
        return os.path.join(given, run_folder.MANIFEST_NAME), os.path.join(given, run_folder.SCRIPT_NAME)
    return given, _script(given)


def _script(manifest: str) -> str:
    folder, name = os.path.split(manifest)
    if name == run_folder.MANIFEST_NAME:
        return os.path.join(folder, run_folder.SCRIPT_NAME)
    return os.path.join(folder, f"{name.removesuffix('.json')}.sh")


def keep(args: EvidenceBundle, bundle: GatheredBundle, manifest: str, script: str, text: str) -> None:
    """Write the manifest and the script. Raises FairwayError `usage`, `file_unavailable`."""
    folder = os.path.dirname(os.path.abspath(manifest))
    if bundle["manifest"]["root"] == "folder" and os.path.realpath(folder) != bundle["base"]:
        raise FairwayError(
            "usage",
            "the run lies outside of the work tree, so its manifest has to lie beside it",
            suggest_again(args, OUTPUT=os.path.join(bundle["base"], "")),
        )
    make_folder(folder)
    replace_file(manifest, bundle["text"].encode())
    replace_file(script, text.encode())
    share(manifest)
    share(script)


def _absolute(path: str) -> str:
    """The path with links in its folders resolved, the last name as it is."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def _inside(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
