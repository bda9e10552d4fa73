"""Jira Cloud's documents (Atlassian Document Format) as plain text, and plain text as such a document."""

from __future__ import annotations

from fairway_scripts.trackers.services.issues import TrackerError
from fairway_scripts.trackers.services.shapes import whole_pairs

#: Nodes after which a line ends.
_BLOCKS = ("paragraph", "heading", "codeBlock", "rule", "tableRow", "mediaSingle")
_DEEPEST = 100


def plain(document: object) -> str:
    """The text of a document, a line a block; lists begin with a dash. A text is given back as it is.

    Raises TrackerError `bad_answer` for what is neither.
    """
    if document is None:
        return ""
    if isinstance(document, str):
        return document
    if not isinstance(document, dict):
        raise TrackerError("bad_answer", "a text of the issue is no document")
    parts: list[str] = []
    _walk(document, parts, 0)
    return whole_pairs("".join(parts)).strip("\n")


def _walk(node: dict[str, object], parts: list[str], depth: int) -> None:
    kind, attributes = node.get("type"), node.get("attrs")
    if depth > _DEEPEST:
        raise TrackerError("bad_answer", "a text of the issue is nested too deeply")
    given = attributes if isinstance(attributes, dict) else {}
    if kind == "text":
        parts.append(str(node.get("text") or ""))
    elif kind == "hardBreak":
        parts.append("\n")
    elif kind == "listItem":
        parts.append("- ")
    elif kind in ("mention", "emoji", "status", "date", "inlineCard"):
        parts.append(
            str(given.get("text") or given.get("shortName") or given.get("url") or given.get("timestamp") or "")
        )
    content = node.get("content")
    for child in content if isinstance(content, list) else []:
        if isinstance(child, dict):
            _walk(child, parts, depth + 1)
    if kind in _BLOCKS:
        parts.append("\n")


def document(text: str) -> dict[str, object]:
    """Plain text as a document with a paragraph a line."""
    lines = [line for line in text.splitlines() if line.strip()]
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": line}]} for line in lines],
    }
