"""Whether a text may hold a secret: a look for a few words, so that nearly every text costs no pattern at all.

What is found here is decided by `secret_forms`, which loads the engine of patterns; a form there has to be
hinted at here, and a test holds that.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: How tokens of well-known providers begin, and what keys and seeds are written in. Case counts.
TOKENS = (
    *("AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glrt-"),
    *("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-", "hooks.slack.com/", "sk_live_", "rk_live_", "sk_test_"),
    *("sk-ant-", "sk-proj-", "AIza", "npm_", "pypi-AgE", "SG.", "eyJ", "hf_", "dop_v1_", "sq0", "AccountKey="),
    *("AGE-SECRET-KEY-", "PRIVATE KEY", "otpauth:", "OTPAUTH:", "WIFI:"),
)
#: Names that a secret is given to. Case does not count.
WORDS = (
    *("password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "api_key", "api-key", "accesskey"),
    *("access_key", "access-key", "private_key", "private-key", "secret_key", "credential", "authorization", "bearer"),
    *("cookie", "client-key-data", "sessionid", "session_id"),
)
_BETWEEN = "'\"` \t"


def may_hold_secret(text: str) -> bool:
    """Whether `text` has anything that a secret is written with; no pattern is loaded."""
    return next(hints(text), -1) >= 0


def hints(text: str) -> Iterator[int]:
    """The places in `text` at which a secret may stand, in no order; none for a text without one."""
    for token in TOKENS:
        if token in text:  # asked first: nearly every text has none, and this costs a third of the walk
            yield from _places(text, token)
    plain = text.replace("\u0130", "I").lower()  # the one letter whose lower case is two characters
    for word in WORDS:
        for at in _places(plain, word) if word in plain else ():
            if _is_given(plain, at, at + len(word)):
                yield at
    for at in _places(text, "://"):
        # a name and a password stand before the first slash of an address
        address = text[at + 3 : at + 300].split("/", 1)[0].split(None, 1)
        if address and "@" in address[0] and ":" in address[0]:
            yield at


def _is_given(text: str, begin: int, end: int) -> bool:
    """Whether a value follows a name: after a sign, or after a blank where it is an option or a kind of token."""
    rest = text[end : end + 12].lstrip("s")
    following = rest.lstrip(_BETWEEN)
    if following[:1] in ("=", ":") and following[:1]:
        return True
    is_option = "--" in text[max(0, begin - 40) : begin]
    return rest[:1] in (" ", "\t") and (is_option or text[begin:end] in ("bearer", "authorization"))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + len(word))
