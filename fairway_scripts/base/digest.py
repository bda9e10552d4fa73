"""SHA-256, from the interpreter's own module where there is one.

`hashlib` loads OpenSSL, which costs every recording command two milliseconds of start-up for the same digest.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # Python 3.12 and later
    except ImportError:
        try:
            from _sha256 import sha256  # Python 3.11
        except ImportError:
            from hashlib import sha256

__all__ = ["of_bytes", "of_file", "of_text", "sha256"]

_BLOCK = 1 << 20


def of_bytes(data: bytes) -> str:
    """The SHA-256 of `data`, 64 hex digits."""
    return sha256(data).hexdigest()


def of_text(text: str) -> str:
    """The SHA-256 of `text` in UTF-8, 64 hex digits."""
    return of_bytes(text.encode())


def of_file(path: str) -> str:
    """The SHA-256 of a file's bytes, 64 hex digits; raises OSError when it cannot be read."""
    from fairway_scripts.base.regular_files import regular

    whole = sha256()
    with open(path, "rb", opener=regular) as file:
        while block := file.read(_BLOCK):
            whole.update(block)
    return whole.hexdigest()
