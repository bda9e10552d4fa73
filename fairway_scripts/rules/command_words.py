"""Telling an acceptance check that is a command from one that is a sentence."""

from __future__ import annotations

import re

#: Programs that acceptance checks begin with.
_PROGRAMS = """
actionlint ajv ansible asyncapi atlas awk bash bats black brew buf bun bundle bunx cargo cat cd chmod cmake cmp comm
command cosign cp curl cut date deno df diff dig docker docker-compose dotnet du echo egrep env eslint exit export fgrep
file find flake8 flutter gem gh git gitlab go gofmt golangci-lint govulncheck gradle grep grype gunzip gzip hatch head
helm hurl isort java jest jq just k6 kill kind kubectl kustomize ls make mkdir mktemp mv mvn mypy mysql nc node nox npm
npx oasdiff openssl perl php pip pip3 pipx playwright pnpm podman poetry pre-commit prettier printf protoc psql pulumi
pyright pytest python python3 rails rake realpath redis-cli redocly rg rm rspec rsync rubocop ruby ruff rustc rustup scp
sed set sh shellcheck shfmt skaffold sleep sort spectral sqlite3 ssh stat staticcheck sudo syft tail tar task tee
terraform test time timeout tmux touch tox tr tree trivy true tsc tsx uniq uv uvx vegeta vite vitest wc wget which xargs
xcodebuild yamllint yarn yq zip zsh
"""
#: Those of them that begin English sentences too ...
_ALSO_ENGLISH = """
command cut date echo exit export file find go head just kill kind make node set sort tail task test tee time touch
tree true which
"""
#: ... and the words that then show a sentence.
_ENGLISH_NEXT = """
a all an and any are as at be both by each every everything for from has have if in into is it its least new no not of
off on once one only or our pass passes sure that the their them then there these they this those through to under
until up when with without you your
"""
_PROGRAM_NAMES = frozenset(_PROGRAMS.split())
_ENGLISH_PROGRAMS = frozenset(_ALSO_ENGLISH.split())
_ENGLISH_WORDS = frozenset(_ENGLISH_NEXT.split())

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_PATH = re.compile(r"(?:\.{0,2}/|~/|\$|[\w.@-]+/)[^\s]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]*")
_FLAG = re.compile(r"(?:^|\s)--?[A-Za-z]")
_OPENING = re.compile(r"^(?:[!({]\s*|\[\[?\s)")


def looks_like_command(text: str) -> bool:
    """True when an acceptance check can be run, false when it is prose such as `all tests pass`.

    A line counts as a command when, after `VAR=value` words, its first word is a known program (for those that
    are English words too: not followed by an English function word), a path, a `$VARIABLE` or a test bracket,
    or a lower-case name that takes an option somewhere. Only the first line with content is read.
    """
    line = next((part.strip() for part in text.splitlines() if part.strip() and part.strip()[0] != "#"), "")
    opening = _OPENING.match(line)
    if opening:
        return True
    words = line.split()
    while words and _ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words:
        return bool(line)
    first = words[0].rstrip(";")
    if first in _PROGRAM_NAMES:
        follows = words[1].lower().rstrip(".,;:") if len(words) > 1 else ""
        return first not in _ENGLISH_PROGRAMS or follows not in _ENGLISH_WORDS
    if _PATH.fullmatch(first):
        return True
    return bool(_NAME.fullmatch(first) and _FLAG.search(line[len(first) :]))
