"""The ways to tell somebody: program, webhook, desktop, apprise. Each says why it could not, "" when it could."""

from __future__ import annotations

import hashlib
import hmac
import os
import shlex
import shutil
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest_again
from fairway_scripts.notify.services import line_of, services_of
from fairway_scripts.programs.fed_program import feed_program

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayNotify
    from fairway_scripts.notify.notify_shapes import Message
    from fairway_scripts.notify.services import Channel

#: Where the key that signs webhooks is: never on a command line, which everybody on the machine can read.
SECRET = "FAIRWAY_NOTIFY_SECRET"
_DESKTOPS = (("notify-send", "--app-name=fairway"), ("terminal-notifier", "-message"))


def channels_of(args: FairwayNotify, notifier: str, seconds: float) -> dict[str, Channel]:
    """The channels that a call names: `exec`, `webhook`, `desktop`, and one for each of the `notifier`'s addresses.

    Raises FairwayError `usage`, `missing_dependency`.
    """
    found: dict[str, Channel] = {}
    if args.command:
        try:
            argv = shlex.split(args.command)
        except ValueError as fault:
            raise FairwayError("usage", f"COMMAND {args.command!r}: {fault}") from None
        found["exec"] = (
            args.command,
            lambda message: feed_program(argv, jsonio.dumps(message).encode() + b"\n", seconds),
        )
    if args.webhook:
        if not args.webhook.startswith(("http://", "https://")):
            raise FairwayError("usage", f"WEBHOOK {args.webhook!r} is no address of http or https")
        found["webhook"] = args.webhook, lambda message: post(args.webhook, message, seconds)
    if args.desktop:
        program = next((words for words in _DESKTOPS if shutil.which(words[0])), None)
        if program is None:
            raise FairwayError("missing_dependency", "neither notify-send nor terminal-notifier is installed")
        found["desktop"] = "", lambda message: feed_program([*program, line_of(message)], b"", seconds)
    if args.apprise:
        found |= services_of(notifier, seconds)
    if not found and not args.dry_run:
        message = "nobody is to be told: COMMAND, WEBHOOK, DESKTOP or APPRISE is required"
        raise FairwayError("usage", message, suggest_again(args, COMMAND=None))
    return found


def post(address: str, message: Message, seconds: float) -> str:
    """Post a message as JSON: "" for an answer of 2xx, else why not; redirections are not followed.

    `Idempotency-Key` is the event's hash, so that a receiver which is told twice knows it; `X-Fairway-Signature` is
    `sha256=` and the HMAC of the body with the key in FAIRWAY_NOTIFY_SECRET, where there is one.
    """
    import http.client
    from urllib.parse import urlsplit

    body = jsonio.dumps(message).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": message["hash"], "User-Agent": "fairway-notify"}
    secret = os.environ.get(SECRET, "")
    if secret:
        headers["X-Fairway-Signature"] = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=seconds)
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return f"{parts.hostname}: {problem or type(problem).__name__}"
    return "" if 200 <= status < 300 else f"{parts.hostname} answered {status}"
