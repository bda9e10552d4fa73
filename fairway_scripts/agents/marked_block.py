"""One marked block in a file of somebody else's: put in, brought up to date and taken out, the rest untouched.

The first mark holds the block's hash, so that a block which somebody edited is seen and left alone, and how many line
ends stand before it that are not the file's own, so that taking it out gives the file back to the byte.
"""

from __future__ import annotations

import hashlib
import re

_FOUND = re.compile(
    r"<!-- fairway:begin lead=(?P<lead>\d) sha256=(?P<hash>[0-9a-f]{64}) -->\n(?P<body>.*?)<!-- fairway:end -->\n?",
    re.DOTALL,
)


def with_block(text: str, body: str) -> str:
    """`text` with one block that holds `body`: the one that is there brought up to date, else a new one at its end."""
    body = body.rstrip("\n") + "\n"
    found = _FOUND.search(text)
    lead = int(found["lead"]) if found else 0 if not text else 1 if text.endswith("\n") else 2
    digest = hashlib.sha256(body.encode()).hexdigest()
    block = f"<!-- fairway:begin lead={lead} sha256={digest} -->\n{body}<!-- fairway:end -->\n"
    if found:
        return text[: found.start()] + block + text[found.end() :]
    return text + "\n" * lead + block


def without_block(text: str) -> str:
    """`text` without its block and without the line ends that came with it."""
    found = _FOUND.search(text)
    if not found:
        return text
    before = text[: found.start()]
    return before[: len(before) - int(found["lead"])] + text[found.end() :]


def is_edited(text: str) -> bool:
    """Whether somebody changed what stands between the marks, or a mark itself."""
    found = _FOUND.search(text)
    if not found:
        return "<!-- fairway:begin" in text
    return hashlib.sha256(found["body"].encode()).hexdigest() != found["hash"] or len(_FOUND.findall(text)) > 1
