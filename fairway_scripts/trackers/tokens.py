"""Where the token of a tracker is: in the environment or the keyring, bound to the host that it is for.

It is on no command line, in no configuration, no store and no text of ours. Its name has the host in it, so an address
that somebody changes in a configuration finds no token.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.words.trackers import token_variable
from fairway_scripts.project.secrets.kept_secrets import kept

#: The service under which `keyring set` keeps a token; the host is the user.
KEYRING_SERVICE = "fairway-tracker"


def token_for(host: str) -> str:
    """The token for a host. Raises FairwayError `tracker_unavailable` when there is none, or what cannot be one."""
    variable = token_variable(host)
    token, why_none, hint = kept(variable, KEYRING_SERVICE, host)
    if not token:
        raise FairwayError("tracker_unavailable", f"no token for {host}: {why_none}", hint)
    if not all("!" <= char <= "~" for char in token):
        place = variable if os.environ.get(variable, "").strip() else "the keyring"
        message = f"the token for {host} in {place} holds a character that no token has"
        raise FairwayError("tracker_unavailable", message, f"set {variable} anew")
    return token
