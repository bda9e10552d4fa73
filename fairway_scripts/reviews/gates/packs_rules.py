"""Regression packs: what a catalogue must say, and which packs a change calls for.

A pack names what has to be proven again when a part of the product changes, on which environments and at which layer
(GPUaaS regression packs). `blocking` says where a pack stands in the way of a release: one word for all environments,
or one for each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.faults import ERROR, WARNING, Fault
from fairway_scripts.base.patterns.globs import compile_glob, glob_fault
from fairway_scripts.settings.review_needs import PACK_TAG
from fairway_scripts.work import gates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fairway_scripts.base.settings_shape import RegressionPackPath
    from fairway_scripts.reviews.gates.pack_shapes import CalledBy, Pack, PackFault, RunVerdict, ShownPack
    from fairway_scripts.store.rows import AttachmentsPackRuns

#: Fields of a pack that hold one text, those that hold a list, and the ones that must be filled.
TEXTS = ("id", "title", "owner", "lowest_reliable_layer")
LISTS = (
    *("target_environments", "required_seed_data", "required_proof", "artifact_requirements", "current_automation"),
    *("gaps", "paths"),
)
REQUIRED = ("id", "title", "owner", "target_environments", "lowest_reliable_layer", "required_proof")
FIELDS = (*TEXTS, "blocking", *LISTS)
#: Results of a run that speak against a commit.
_AGAINST = ("fail", "blocked")
#: Names that a task may use for the packs that it calls for.
TASK_FIELDS = ("regression_packs", "workflow_regression_pack", "workflow_regression_packs")


def catalogue_faults(packs: list[Pack], path: str, lanes: list[str]) -> Iterator[Fault]:
    """What is wrong with the packs of a catalogue, and what looks wrong; `packs` as `pack_file` reads them.

    Errors: a required field is missing or empty, an id is given twice, a path pattern is broken. Warnings: `blocking`
    names other environments than `target_environments` (GPUaaS's own catalogue does), an owner is no lane, an
    environment is named twice. `lanes` empty means that no lanes are known.
    """
    first: dict[str, int] = {}
    for pack in packs:
        about = _About(pack, path)
        yield from _missing(about)
        if pack["id"]:
            if pack["id"] in first:
                yield about.fault(
                    "id", ERROR, "duplicate_id", f"is already the id of the pack at line {first[pack['id']]}"
                )
            first.setdefault(pack["id"], pack["line"])
        yield from _paths(about)
        yield from _environments(about)
        if lanes and pack["owner"] and pack["owner"] not in lanes:
            message = f"{pack['owner']!r} is no lane ({', '.join(lanes)})"
            yield about.fault("owner", WARNING, "unknown_owner", message)


def blocks(pack: Pack) -> bool:
    """Whether a pack stands in the way anywhere."""
    return bool(pack["blocking"]["default"])


def blocking_text(pack: Pack) -> str:
    """`true`, `false`, or `demo=true,staging=false` for a pack that says it for each environment."""
    places = pack["blocking"]["per_environment"]
    if places:
        return ",".join(f"{name}={str(value).lower()}" for name, value in sorted(places.items()))
    return str(pack["blocking"]["default"]).lower()


def pack_row(pack: Pack) -> ShownPack:
    """A pack as it is shown: every field of the catalogue, and `blocking_text`."""
    return {
        "id": pack["id"],
        "title": pack["title"],
        "owner": pack["owner"],
        "lowest_reliable_layer": pack["lowest_reliable_layer"],
        "blocking": pack["blocking"],
        "target_environments": pack["target_environments"],
        "required_seed_data": pack["required_seed_data"],
        "required_proof": pack["required_proof"],
        "artifact_requirements": pack["artifact_requirements"],
        "current_automation": pack["current_automation"],
        "gaps": pack["gaps"],
        "paths": pack["paths"],
        "pack_id": pack["id"],
        "blocking_text": blocking_text(pack),
    }


def fault_row(fault: Fault) -> PackFault:
    """A fault of a catalogue: what stands in `task_id` is the pack."""
    return {
        "path": fault.path,
        "line": fault.line,
        "pack_id": fault.task_id,
        "field": fault.field,
        "severity": fault.severity,
        "code": fault.code,
        "message": fault.message,
        "text": fault.text(),
    }


def packs_for(packs: list[Pack], routes: list[RegressionPackPath], changed: Iterable[str]) -> list[CalledBy]:
    """The packs that changed paths call for: `{pack_id, paths}` in the order of the catalogue, paths sorted.

    A pack is called for by its own `paths`, or by an entry of `routes` (`{match, packs}` of the configuration).
    """
    paths = sorted(set(changed))
    found: list[CalledBy] = []
    for pack in packs:
        patterns = [*pack["paths"]]
        patterns += [match for route in routes if pack["id"] in route["packs"] for match in route["match"]]
        kinds = [compile_glob(pattern) for pattern in patterns if not glob_fault(pattern)]
        hits = [path for path in paths if any(kind.match(path) for kind in kinds)]
        if hits:
            found.append({"pack_id": pack["id"], "paths": hits})
    return found


def named_packs(extra: Mapping[str, object], tags: Iterable[str]) -> list[str]:
    """The packs that a task names itself: in a field such as `regression_packs`, or by a tag `pack:terminal`."""
    found: list[str] = []
    for name in TASK_FIELDS:
        value = extra.get(name)
        entries = value if isinstance(value, list) else str(value or "").replace(",", " ").split()
        found += [str(entry).strip() for entry in entries]
    found += [tag.removeprefix(PACK_TAG).strip() for tag in tags if tag.startswith(PACK_TAG)]
    return list(dict.fromkeys(entry for entry in found if entry))


def run_verdict(runs: list[AttachmentsPackRuns], pack: Pack, commit: str, policy: str) -> RunVerdict:
    """Whether the recorded runs of a pack prove `commit` (see `gates.evidence_verdict`), `{ok, fresh, id, why}`.

    The latest run on each commit and environment counts. One that failed on this commit, on an environment that the
    pack blocks, stands against a pass on another.
    """
    own = [row for row in runs if row["pack_id"] == pack["id"]]
    latest = {(row["environment"] or "", row["commit_sha"]): row for row in own}
    for row in latest.values():
        if row["result"] in _AGAINST and not gates.staleness(row, commit) and _blocks_on(pack, row["environment"]):
            where = f" on {row['environment']}" if row["environment"] else ""
            why = f"evidence {row['id']} says {row['result']}{where} on this commit"
            return {"ok": False, "fresh": True, "id": row["id"], "why": why}
    speaking = [row for row in latest.values() if row["result"] not in _AGAINST]  # the others block nowhere
    verdict = gates.evidence_verdict(sorted(speaking, key=lambda row: int(row["id"])), commit, policy)
    if verdict["id"] is None:
        last = own[-1] if own else None
        why = f"the last run {last['id']} says {last['result']}" if last else "no run is recorded"
        return {**verdict, "why": why}
    counted = next(row for row in own if row["id"] == verdict["id"])
    where = f" ({counted['environment']})" if counted["environment"] else ""
    return {**verdict, "why": f"{verdict['why']}{where}"}


def _blocks_on(pack: Pack, environment: str | None) -> bool:
    """Whether a pack stands in the way on an environment; on none named, or one it says nothing of, as a whole."""
    return pack["blocking"]["per_environment"].get(environment or "", pack["blocking"]["default"])


class _About:
    """One pack and where it stands."""

    def __init__(self, pack: Pack, path: str) -> None:
        self.pack = pack
        self.path = path

    def fault(self, field: str, severity: str, code: str, message: str) -> Fault:
        line = self.pack["lines"].get(field, self.pack["line"])
        return Fault(self.path, line, self.pack["id"], field, severity, code, message)


def _missing(about: _About) -> Iterator[Fault]:
    given: Mapping[str, object] = about.pack
    for name in REQUIRED:
        if name in about.pack["broken"]:
            continue  # said already
        if not given[name]:
            what = "is empty" if name in about.pack["lines"] else "is missing"
            yield about.fault(name, ERROR, "missing_field", f"{what}; every pack needs it")


def _paths(about: _About) -> Iterator[Fault]:
    for pattern in about.pack["paths"]:
        if wrong := glob_fault(pattern):
            yield about.fault("paths", ERROR, "bad_pattern", f"the pattern {pattern!r} {wrong}")


def _environments(about: _About) -> Iterator[Fault]:
    targets = about.pack["target_environments"]
    twice = sorted({name for name in targets if targets.count(name) > 1})
    if twice:
        yield about.fault("target_environments", WARNING, "named_twice", f"names {', '.join(twice)} more than once")
    places = about.pack["blocking"]["per_environment"]
    if not places or "blocking" in about.pack["broken"]:
        return
    strange = sorted(name for name in places if name not in targets)
    silent = [name for name in dict.fromkeys(targets) if name not in places]
    if strange and targets:
        message = f"names {', '.join(strange)}, which target_environments does not have"
        yield about.fault("blocking", WARNING, "other_environments", message)
    if silent:
        message = f"says nothing of {', '.join(silent)}, which then do not block"
        yield about.fault("blocking", WARNING, "other_environments", message)
