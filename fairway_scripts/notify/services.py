"""Services that apprise knows (chat, mail, push) as channels.

Their addresses hold passwords, so they stand in the environment or the keyring: on no command line, in no state, ledger
or text of ours, which say of an address only its place and its kind. What apprise itself would log is not shown.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.project.secrets.kept_secrets import kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from fairway_scripts.notify.notify_shapes import Message

    #: whom it tells, as it was given, and what tells a message: "", or why it could not
    Channel = tuple[str, Callable[[Message], str]]

#: The addresses, with blanks or line breaks between them.
URLS = "FAIRWAY_NOTIFY_URLS"
#: The service under which `keyring set` keeps them instead; the notifier is the user.
KEYRING_SERVICE = "fairway-notify"


def services_of(notifier: str, seconds: float) -> dict[str, Channel]:
    """A channel for each address of a notifier, `apprise 1 (mailto)`.

    Raises FairwayError `missing_dependency` without apprise, `usage` where no address is kept or one is none.
    """
    addresses, why_none, hint = kept(URLS, KEYRING_SERVICE, notifier)
    if not addresses:
        raise FairwayError("usage", f"APPRISE: no address: {why_none}", hint)
    found: dict[str, Channel] = {}
    for place, address in enumerate(addresses.split(), 1):
        kind, tell = _service(place, address, seconds)
        found[f"apprise {place} ({kind})"] = address, tell
    return found


def line_of(message: Message) -> str:
    """A message in a line, for people."""
    what = message["summary"] or message["kind"]
    return f"{message['task_id']} {what}".strip() + f" ({message['kind']} by {message['actor']})"


def _service(place: int, address: str, seconds: float) -> tuple[str, Callable[[Message], str]]:
    apprise = _apprise()
    # nothing is kept on disk, and a text of the ledger is taken as it is
    asset = apprise.AppriseAsset(storage_mode="memory", service_timeout=seconds, allow_templates=False)
    service = apprise.Apprise.instantiate(address, asset=asset)
    if service is None:
        raise FairwayError("usage", f"APPRISE: address {place} is none that apprise knows", f"set {URLS} anew")

    def tell(message: Message) -> str:
        title = f"{os.path.basename(message['project'])}: {message['kind']}"
        result = apprise.Apprise(service, asset=asset).notify(body=line_of(message), title=title, timeout=seconds)
        return "" if result else "the service was not told"

    return address.partition("://")[0], tell


def _apprise() -> ModuleType:
    try:
        import apprise
    except ModuleNotFoundError as missing:
        from fairway_scripts.base.extras import install_line

        message = f"the Python package {missing.name} is missing"
        raise FairwayError("missing_dependency", message, install_line("notify")) from None
    for name in ("apprise", "requests", "urllib3"):
        logging.getLogger(name).disabled = True
    return apprise
