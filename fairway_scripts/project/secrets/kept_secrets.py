"""A secret of the user: in the environment, else in the keyring of the machine (extra `[keyring]`)."""

from __future__ import annotations

import os


def kept(variable: str, service: str, user: str) -> tuple[str, str, str]:
    """The secret in a variable, else in the keyring; or "", why there is none, and what helps."""
    secret = os.environ.get(variable, "").strip()
    if secret:
        return secret, "", ""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as missing:
        from fairway_scripts.base.extras import install_line

        return "", f"{variable} has none, and the keyring cannot be asked: {missing}", install_line("keyring")
    try:
        secret = (keyring.get_password(service, user) or "").strip()
    except KeyringError as problem:
        said = " ".join(str(problem).split()) or type(problem).__name__
        return "", f"{variable} has none, and the keyring does not answer: {said}", f"set {variable}"
    if secret:
        return secret, "", ""
    why = f"neither {variable} nor the keyring ({service}, {user}) has one"
    return "", why, f"set {variable}, or: keyring set {service} {user}"
