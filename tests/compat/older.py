"""A repository with older scripts in it: small ones that say exactly how they were called."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.layout import stand_in
from tests.support.repositories import git
from tests.support.shell import HOME, Checkout, environment, make_checkout, queue_text, task

SHELL_SHIMS = sorted(script.removeprefix("scripts/") for script in SCRIPTS if script.endswith(".sh"))
#: Writes its arguments, each ended by NUL, then what it reads; says a word on stderr; ends as EXIT says.
RECORDER = """#!/bin/sh
for argument in "$@"; do printf '%s\\0' "$argument"; done
cat
echo "said by ${0##*/} FAIRWAY_LEGACY=${FAIRWAY_LEGACY-unset}" >&2
[ -z "${DIE_OF-}" ] || kill -s "$DIE_OF" $$
exit "${EXIT:-0}"
"""
RUBY_RECORDER = """# frozen_string_literal: true
ARGV.each { |argument| $stdout.write(argument, "\\0") }
$stdout.write($stdin.read)
warn "said by #{File.basename($PROGRAM_NAME)} FAIRWAY_LEGACY=#{ENV.fetch('FAIRWAY_LEGACY', 'unset')}"
Process.kill(ENV['DIE_OF'], $$) if ENV['DIE_OF']
exit ENV.fetch('EXIT', '0').to_i
"""


class Called(NamedTuple):
    """What a call gave back, as bytes."""

    code: int
    out: bytes
    err: bytes

    @property
    def arguments(self) -> list[bytes]:
        """The arguments that a recorder got."""
        return self.out.split(b"\0")[:-1]


def call(
    argv: Sequence[str | bytes], cwd: str, feed: bytes = b"", env: dict[str, str] | None = None, *, bare: bool = False
) -> Called:
    """Run a program and wait for it; `bare` gives it only what `env` says."""
    surroundings = {"PATH": os.environ["PATH"], **(env or {})} if bare else environment(**(env or {}))
    done = subprocess.run(argv, cwd=cwd, env=surroundings, input=feed, capture_output=True, timeout=60)
    return Called(done.returncode, done.stdout, done.stderr)


def write(path: str, text: str, mode: int = 0o755) -> str:
    """Write a script."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)
    return path


def put_shim(script: str, folder: str) -> str:
    """Put a stand-in into a folder, as compat-install does; its path."""
    return write(os.path.join(folder, os.path.basename(script)), stand_in(script))


def put_shims(root: str) -> None:
    """Copy every stand-in into a checkout and say where the suite is."""
    for script in SCRIPTS:
        put_shim(script, os.path.join(root, os.path.dirname(script)))
    write(os.path.join(root, ".fairway", "home"), os.path.relpath(HOME, root) + "\n", 0o644)


def set_engines(root: str, engines: dict[str, str], **more: object) -> None:
    """Write what the front doors go by, by hand: the engines into the tree, what else they know beside the store."""
    lanes = "".join(f'{lane} = "{engine}"\n' for lane, engine in engines.items() if lane != "*")
    text = f'default = "{engines.get("*", "fairway")}"\n[lanes]\n{lanes}'
    write(os.path.join(root, ".fairway", "engines.toml"), text, 0o644)
    data = {"schema": "front-door/2", "engines": engines, "scripts": {}, **more}
    write(os.path.join(root, ".git", "fairway", "front-door.json"), json.dumps(data), 0o644)


def make_host(parent: object, *, lanes: Sequence[str] = ("A-backend", "B-ui")) -> Checkout:
    """A project with two tasks, every stand-in in place, and a recorder as the original of each."""
    project = make_checkout(str(parent), queue_text(task("A-1", "A-backend"), task("B-1"), task("B-2")), lanes=lanes)
    put_shims(project.main)
    for script in SHELL_SHIMS:
        kind, name = os.path.split(script)
        write(os.path.join(project.main, "scripts", kind, "legacy", name), RECORDER)
    write(os.path.join(project.main, "scripts/ops/legacy/agent_queue_store.rb"), RUBY_RECORDER, 0o644)
    return project


def tree_of(root: str) -> dict[str, tuple[int, bytes]]:
    """Every file of a work tree with its mode and content."""
    found = {}
    for folder, folders, files in os.walk(root):
        if ".git" in folders:
            folders.remove(".git")
        for name in files:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                found[os.path.relpath(path, root)] = (os.stat(path).st_mode & 0o777, file.read())
    return found


def status_of(root: str) -> str:
    """What git says is not committed."""
    return git(root, "status", "--porcelain")
