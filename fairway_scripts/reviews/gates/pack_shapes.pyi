from typing import NotRequired, TypedDict

# Where a pack stands in the way of a release.
class Blocking(TypedDict):
    default: bool
    per_environment: dict[str, bool]

# What the catalogue says of a pack.
class PackFields(TypedDict):
    id: str
    title: str
    owner: str
    lowest_reliable_layer: str
    blocking: Blocking
    target_environments: list[str]
    required_seed_data: list[str]
    required_proof: list[str]
    artifact_requirements: list[str]
    current_automation: list[str]
    gaps: list[str]
    paths: list[str]

# A pack of the catalogue, as its file gives it.
class Pack(PackFields):
    line: int
    lines: dict[str, int]
    broken: list[str]

# A pack that paths call for.
class CalledBy(TypedDict):
    pack_id: str
    paths: list[str]

# Whether the recorded runs of a pack prove a commit.
class RunVerdict(TypedDict):
    ok: bool
    fresh: bool
    id: int | None
    why: str
    against: NotRequired[str]

# A pack as it is shown.
class ShownPack(PackFields):
    pack_id: str
    blocking_text: str

class FoundPack(ShownPack):
    catalog: str
    line: int

class ChosenPack(ShownPack):
    paths_changed: list[str]

class TaskPack(ShownPack):
    reasons: list[str]
    run: RunVerdict

class Catalogue(TypedDict):
    catalog: str
    packs: list[ShownPack]

class PackFault(TypedDict):
    path: str
    line: int
    pack_id: str
    field: str
    severity: str
    code: str
    message: str
    text: str

class CheckedCatalogue(TypedDict):
    catalog: str
    packs: int
    faults: list[PackFault]
    ok: bool

class PacksForPaths(TypedDict):
    catalog: str
    ref: str
    commit_sha: str
    paths: list[str]
    packs: list[ChosenPack]
    uncovered: list[str]

class PacksForTask(TypedDict):
    catalog: str
    task_id: str
    lane: str
    commit_sha: str
    packs: list[TaskPack]
    unknown: list[str]
