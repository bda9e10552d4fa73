"""Evidence holds no secrets: what people type and name is refused with its place, what commands print is redacted."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.secrets.secret_hints import may_hold_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project
    from fairway_scripts.project.secrets.secret_forms import Found

#: More of a file is not looked at, and that is said.
MOST_BYTES = 64 << 20
_HEAD = 8192


def refuse_typed(project: Project, args: Call) -> None:
    """Raise FairwayError `secret_found` when a value of a call holds a secret; nothing of it is to be stored."""
    for name, value in vars(args).items():
        texts = value if isinstance(value, (list, tuple)) else (value,)
        for text in texts:
            if isinstance(text, str) and may_hold_secret(text):
                refuse_text(project, name.upper(), text)


def refuse_text(project: Project, place: str, text: str) -> None:
    """Raise FairwayError `secret_found` when a text holds a secret; `place` names the field or file it stands in."""
    if not may_hold_secret(text):
        return
    from fairway_scripts.project.secrets import secret_forms as forms

    found = forms.secrets_in(text, _allowed(project))
    if found:
        raise _refusal(project, place, text, found[0], len(found))


def refuse_file(project: Project, path: str, shown: str) -> None:
    """Raise FairwayError `secret_found` when a file that a record would name holds a secret.

    A file that is no text is not looked at, and of a very large one not all: that is told on `project.notes`. Raises
    OSError.
    """
    text = _text_of(project, path, shown)
    if text is None or not may_hold_secret(text):
        return
    found = _found_in(project, text)
    if found:
        raise _refusal(project, shown, text, found[0], len(found))


def redact_file(project: Project, path: str, shown: str) -> str:
    """Take the secrets out of a file of ours, a log, before it is kept; what was taken out, "" for nothing.

    Each stands as `[redacted: RULE]` in its place. Raises OSError, FairwayError `file_unavailable`.
    """
    text = _text_of(project, path, shown)
    if text is None or not may_hold_secret(text):
        return ""
    found = _found_in(project, text)
    if not found:
        return ""
    from fairway_scripts.formats.file_replacement import replace_file
    from fairway_scripts.project.secrets import secret_forms as forms

    with open(path, "rb") as file:
        file.seek(MOST_BYTES)
        rest = file.read()
    replace_file(path, forms.redacted(text, found).encode("utf-8", "surrogateescape") + rest)
    return _told(text, found, shown)


def redact_text(project: Project, text: str, place: str) -> str:
    """A text that a command printed, its secrets as `[redacted: RULE]`; tells on `project.notes` what was taken out."""
    if not may_hold_secret(text):
        return text
    found = _found_in(project, text)
    if not found:
        return text
    from fairway_scripts.project.secrets import secret_forms as forms

    project.notes.append(_told(text, found, place))
    return forms.redacted(text, found)


def _found_in(project: Project, text: str) -> list[Found]:
    from fairway_scripts.project.secrets import secret_forms as forms
    from fairway_scripts.project.secrets.secret_library import library

    return forms.secrets_in(text, _allowed(project), library())


def _allowed(project: Project) -> list[str]:
    allowed: list[str] = project.settings["secrets"]["allow"]
    return allowed


def _text_of(project: Project, path: str, shown: str) -> str | None:
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES)
        more = file.read(1)
    if b"\0" in data[:_HEAD]:
        project.notes.append(f"{shown} is no text: it was not searched for secrets")
        return None
    if more:
        project.notes.append(f"{shown}: only the first {MOST_BYTES >> 20} MiB were searched for secrets")
    return data.decode("utf-8", "surrogateescape")


def _told(text: str, found: list[Found], shown: str) -> str:
    from fairway_scripts.project.secrets import secret_forms as forms

    places = ", ".join(f"{entry.rule} in line {forms.line_of(text, entry)}" for entry in found[:3])
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return f"redacted in {shown}: {places}{more}"


def _refusal(project: Project, place: str, text: str, found: Found, count: int) -> FairwayError:
    from fairway_scripts.project.secrets import secret_forms as forms

    line = forms.line_of(text, found)
    where = f"{place}:{line}" if "/" in place or "." in place or "\n" in text else place
    others = f", and {count - 1} more" if count > 1 else ""
    config = project.show(project.config.path) if project.config.path else ".fairway/config.toml"
    return FairwayError(
        "secret_found",
        f"{where} holds what looks like a secret ({found.rule}){others}; nothing was recorded",
        f'take it out; when it is none, {config} says so: [secrets] allow = ["{forms.allow_entry(text, found)}"]',
        place=where,
        rule=found.rule,
    )
