"""Names of programs, and English words, by which a command line is told from a sentence."""

from __future__ import annotations

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
PROGRAM_NAMES = frozenset(_PROGRAMS.split())
ENGLISH_PROGRAMS = frozenset(_ALSO_ENGLISH.split())
ENGLISH_WORDS = frozenset(_ENGLISH_NEXT.split())


def names_a_program(line: str) -> bool:
    """Whether a line begins with a known program, and goes on unlike a sentence that begins with such a word."""
    words = line.split()
    if not words or words[0].rstrip(";") not in PROGRAM_NAMES:
        return False
    follows = words[1].lower().rstrip(".,;:") if len(words) > 1 else ""
    return words[0].rstrip(";") not in ENGLISH_PROGRAMS or follows not in ENGLISH_WORDS
