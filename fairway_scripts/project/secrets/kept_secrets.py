"""What the keyring of the machine keeps for us, where the extra `[keyring]` is installed."""

from __future__ import annotations


def kept(service: str, user: str) -> str:
    """The secret of a user of a service; "" where there is no keyring, none that answers, or no such entry."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return (keyring.get_password(service, user) or "").strip()
    except KeyringError:
        return ""
