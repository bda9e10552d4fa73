"""Trackers by their kind, and what the address of one may be."""

from __future__ import annotations

#: Kind -> its public address; "" where every project has one of its own.
ADDRESSES = {
    "github": "https://api.github.com",
    "gitlab": "https://gitlab.com",
    "jira": "",
    "jira-dc": "",
    "linear": "https://api.linear.app",
}
KINDS = tuple(ADDRESSES)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def address_fault(value: str) -> str:
    """What is wrong with the address of a tracker, "" for nothing: https, and no word that would be a secret."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError as problem:
        return f"is no address: {problem}"
    if parts.scheme not in ("http", "https") or not host or port == 0:
        return "is no address such as https://gitlab.example.org"
    if "@" in parts.netloc or parts.query or parts.fragment:
        return "holds more than a host and a path; a token stands in the environment or the keyring"
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "is http: a token goes over https, or to this machine"
    return ""


def host_of(address: str) -> str:
    """The host of an address, with its port where one is named: what a token is bound to."""
    from urllib.parse import urlsplit

    return urlsplit(address).netloc.lower()


def token_variable(host: str) -> str:
    """The environment variable with the token for a host: a changed address finds no token."""
    letters = [char if char.isascii() and char.isalnum() else "_" for char in host.upper()]
    return f"FAIRWAY_TRACKER_TOKEN_{''.join(letters)}"
