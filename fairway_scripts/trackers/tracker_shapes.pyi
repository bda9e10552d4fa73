from typing import TypedDict

from fairway_scripts.trackers.reconcile_rules import Proposal

class LinkColumns(TypedDict):
    issue: str
    remote_id: str
    url: str
    base: str
    content_hash: str
    etag: str | None
    watermark: str | None

class ShownLink(TypedDict):
    link_id: int
    task_id: str
    lane: str
    status: str
    tracker: str
    kind: str
    issue: str
    url: str
    watermark: str | None
    content_hash: str
    comment_id: str | None
    imported: bool
    pending_since: str | None
    recorded_by: str
    created_at: str
    withdrawn_at: str | None

class Linked(ShownLink):
    findings: list[dict[str, str]]

class LinkName(TypedDict):
    link_id: int
    tracker: str
    issue: str

class Unlinked(TypedDict):
    task_id: str
    unlinked: list[LinkName]

class ImportedIssue(TypedDict):
    task_id: str
    issue: str
    title: str
    lane: str
    url: str

class LinkedBefore(TypedDict):
    issue: str
    task_id: str

class Imported(TypedDict):
    tracker: str
    imported: list[ImportedIssue]
    linked_before: list[LinkedBefore]
    findings: list[dict[str, str]]
    dry_run: bool

class ExportedLink(LinkName):
    task_id: str
    action: str
    comment_id: str

class Exported(TypedDict):
    links: list[ExportedLink]
    findings: list[dict[str, str]]
    dry_run: bool

class LinkProposal(Proposal):
    task_id: str
    tracker: str
    issue: str

class Reconciled(TypedDict):
    links: int
    proposals: list[LinkProposal]
    findings: list[dict[str, str]]
    plan: str
    applied: bool
