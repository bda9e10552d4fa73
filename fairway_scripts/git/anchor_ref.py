"""The git ref that keeps anchors of the ledger, and the SSH signature of one.

Only plumbing is used: no index, no work tree, no hook. An anchor is a commit with the file `head.json`, and
`head.json.sig` where it is signed; its parent is the anchor before.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from fairway_scripts.base import caller
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.git.git import ask, resolve
from fairway_scripts.programs.spawn import run_quick

REF = "refs/fairway/ledger"
#: What a signature is for: one that was made for another purpose is not taken.
NAMESPACE = "fairway-ledger"
HEAD_FILE, SIGNATURE_FILE = "head.json", "head.json.sig"
#: The anchors are the project's, whoever writes them: who that was stands in the file.
_AUTHOR = ("-c", "user.name=fairway-scripts", "-c", "user.email=fairway@localhost", "-c", "core.hooksPath=/dev/null")
#: Nobody is asked for a passphrase: a key that needs one is used through an agent.
_UNATTENDED = {"SSH_ASKPASS_REQUIRE": "force", "SSH_ASKPASS": "false", "DISPLAY": ":none", "LC_ALL": "C"}
_SECONDS = 60.0


class Anchor(NamedTuple):
    """A stored anchor: its commit, the text of the head, and the signature (b"" without one)."""

    commit: str
    text: bytes
    signature: bytes


def anchors_of(place: str, ref: str, *, most: int = 0) -> list[Anchor]:
    """The anchors that a ref, or a commit, leads to, newest first, at most `most` where it is given; [] without one.

    Three git processes, however many there are. Raises FairwayError `git_unavailable`, `not_found` (no anchor there).
    """
    tip = resolve(place, ref)
    if tip is None:
        return []
    limit = [f"--max-count={most}"] if most else []
    commits = ask(place, "rev-list", "--first-parent", *limit, tip).decode().split()
    wanted = [f"{commit}:{name}" for commit in commits for name in (HEAD_FILE, SIGNATURE_FILE)]
    blobs = _blobs(place, wanted)
    found = []
    for commit in commits:
        text = blobs[f"{commit}:{HEAD_FILE}"]
        if not text:
            raise FairwayError("not_found", f"{ref} holds no anchor of a ledger: {commit[:12]} has no {HEAD_FILE}")
        found.append(Anchor(commit, text, blobs[f"{commit}:{SIGNATURE_FILE}"]))
    return found


def _blobs(place: str, names: list[str]) -> dict[str, bytes]:
    """The contents of files of commits, b"" for one that is not there, from one git process."""
    said = ask(place, "cat-file", "--batch", feed="".join(f"{name}\n" for name in names).encode())
    found, at = {}, 0
    for name in names:
        end = said.index(b"\n", at)
        words = said[at:end].split()
        size = int(words[-1]) if words[-2:-1] == [b"blob"] else 0
        found[name] = said[end + 1 : end + 1 + size]
        at = end + 1 + (size + 1 if size or words[-2:-1] == [b"blob"] else 0)
    return found


def write_anchor(place: str, text: bytes, signature: bytes, message: str, parent: str) -> str:
    """Add an anchor after the commit `parent` ("" for the first one); the new commit.

    Raises FairwayError `store_busy` when somebody else has moved the ref meanwhile, `git_unavailable`.
    """
    files = {HEAD_FILE: text, SIGNATURE_FILE: signature}
    tree = b""
    for name in sorted(name for name, data in files.items() if data):
        blob = ask(place, "hash-object", "-w", "--stdin", feed=files[name]).strip()
        tree += b"100644 blob " + blob + b"\t" + name.encode() + b"\n"
    made = ask(place, "mktree", feed=tree).decode().strip()
    parents = ["-p", parent] if parent else []
    commit = ask(place, *_AUTHOR, "commit-tree", made, *parents, feed=message.encode()).decode().strip()
    expected = parent or "0" * len(commit)  # zeros: that there is no such ref yet
    code, _out, err = run_quick(["git", *_AUTHOR, "update-ref", "-m", "queue-anchor", REF, commit, expected], place)
    if code:
        said = err.decode(errors="replace").strip().splitlines() or ["it was moved"]
        raise FairwayError("store_busy", f"{REF} could not be moved: {said[0]}", suggest("queue-anchor"))
    return commit


def sign(text: bytes, key: str) -> bytes:
    """The SSH signature of `text` with the key file `key`.

    Raises FairwayError: `file_unavailable` (the key, or its passphrase), `missing_dependency` (ssh-keygen).
    """
    if not os.path.isfile(key):
        raise FairwayError(
            "file_unavailable", f"ledger.signing_key {key} is no file", suggest("fairway-config", "show"), path=key
        )
    code, out, err = _ssh_keygen(["-Y", "sign", "-f", key, "-n", NAMESPACE], text)
    if code or b"BEGIN SSH SIGNATURE" not in out:
        message = f"ssh-keygen cannot sign with {key}: {_first_line(err)}"
        raise FairwayError("file_unavailable", message, suggest_program("ssh-add", key), path=key)
    return out


def signer_of(text: bytes, signature: bytes, allowed: str) -> tuple[str, str]:
    """Who signed `text`, and "" or why the signature does not count.

    `allowed` is a file of allowed signers as ssh-keygen(1) describes it; "" only checks that the signature fits the
    text, and names the key. Raises FairwayError `file_unavailable`, `missing_dependency`.
    """
    if allowed and not os.path.isfile(allowed):
        raise FairwayError("file_unavailable", f"the allowed signers {allowed} are no file", "", path=allowed)
    import tempfile

    with tempfile.NamedTemporaryFile(prefix="fairway-signature-") as file:
        file.write(signature)
        file.flush()
        if not allowed:
            words = ["-Y", "check-novalidate", "-n", NAMESPACE, "-s", file.name]
            code, out, err = _ssh_keygen(words, text)
            return _key_in(out), _first_line(err) if code else ""
        code, out, err = _ssh_keygen(["-Y", "find-principals", "-s", file.name, "-f", allowed], text)
        names = out.decode(errors="replace").splitlines()
        if code or not names:
            return "", f"no key of {allowed} made it"
        words = ["-Y", "verify", "-f", allowed, "-I", names[0], "-n", NAMESPACE, "-s", file.name]
        code, out, err = _ssh_keygen(words, text)
        return names[0], _first_line(err or out) if code else ""


def _key_in(said: bytes) -> str:
    """The fingerprint in `Good "..." signature with ED25519 key SHA256:...`."""
    return next((word for word in said.decode(errors="replace").split() if word.startswith("SHA256:")), "")


def _ssh_keygen(words: list[str], feed: bytes) -> tuple[int, bytes, bytes]:
    from fairway_scripts.programs import runner

    environment = {**caller.environment(), **_UNATTENDED}
    try:
        ended = runner.run(["ssh-keygen", *words], environment=environment, limit=_SECONDS, feed=feed)
    except FileNotFoundError as problem:
        raise FairwayError(
            "missing_dependency", "ssh-keygen is not installed: signatures of anchors need it", "install openssh-client"
        ) from problem
    if ended.exit_code is None:
        raise FairwayError("deadline_passed", f"ssh-keygen did not end within {_SECONDS:.0f} s", "")
    return ended.exit_code, ended.out, ended.err


def _first_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[0].strip() if lines else "it said nothing"
