"""Links from tasks to the issues of trackers."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool

#: What `fairway-tracker` does besides listing links.
_WORDS = (
    Tool(
        "fairway-tracker list",
        "trackers.commands.listing",
        "List the links of tasks to issues; nothing is asked of a tracker.",
        "TASK_ID TRACKER ALL",
        target=False,
        example="fairway-tracker list B-V3-ACK-001",
    ),
    Tool(
        "fairway-tracker import",
        "trackers.commands.importing",
        "Make a task of each issue that is named or has a label, and link it.",
        "ISSUE TRACKER LABEL ROLE DRY_RUN TIMEOUT",
        mutates=True,
        target=False,
        first="ISSUE",
        example="fairway-tracker import 12,15 --role B-ui --dry-run",
    ),
    Tool(
        "fairway-tracker link",
        "trackers.commands.linking",
        "Link a task to an issue.",
        "TASK_ID ISSUE TRACKER TIMEOUT",
        mutates=True,
        target=False,
        example="fairway-tracker link B-V3-ACK-001 --issue 12",
    ),
    Tool(
        "fairway-tracker unlink",
        "trackers.commands.unlinking",
        "Take a link back; what stands in the tracker stays there.",
        "TASK_ID ISSUE TRACKER REASON",
        mutates=True,
        target=False,
        example="fairway-tracker unlink B-V3-ACK-001 --issue 12 --reason 'wrong issue'",
    ),
    Tool(
        "fairway-tracker export",
        "trackers.commands.exporting",
        "Post how a task stands as a comment of its issues, or change that comment; nothing where it says so already.",
        "TASK_ID TRACKER ALL ANEW DRY_RUN TIMEOUT",
        mutates=True,
        target=False,
        example="fairway-tracker export B-V3-ACK-001",
    ),
    Tool(
        "fairway-tracker reconcile",
        "trackers.commands.reconciling",
        "Show what has gone apart between tasks and their issues; with APPLY, do it on this side.",
        "TASK_ID TRACKER APPLY PLAN TIMEOUT",
        mutates=True,
        target=False,
        example="fairway-tracker reconcile --apply",
    ),
)
TOOLS: tuple[Tool, ...] = (
    Tool(
        "fairway-tracker",
        "trackers.commands.listing",
        "List, import, link, unlink, export and reconcile: tasks and the issues of GitHub, GitLab, Jira and Linear.",
        "TASK_ID TRACKER ALL",
        target=False,
        example="fairway-tracker list",
        words=_WORDS,
    ),
)
