"""Programs that run what their words name, and variables that change what programs do.

A pattern of `trusted_commands` may leave words open; these programs say which of them may not be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Programs whose words are a command: no pattern leaves any of them open.
_LAUNCHERS = frozenset(
    (
        *("busybox", "chroot", "chrt", "command", "doas", "docker", "env", "eval", "exec", "expect", "find", "flock"),
        *("ionice", "nice", "nohup", "nsenter", "parallel", "pkexec", "podman", "runuser", "script", "setarch"),
        *("setpriv", "setsid", "ssh", "stdbuf", "strace", "su", "sudo", "taskset", "time", "timeout", "unshare"),
        *("watch", "xargs"),
    )
)
#: Programs that run a file or a text: the file is named, and before it stand only named words.
#: For each, the letters of options that are followed by a program as text, or make it read one.
_INTERPRETERS = {
    **dict.fromkeys(("sh", "bash", "dash", "zsh", "ksh", "fish", "pwsh"), "cis"),
    **dict.fromkeys(("python", "pypy"), "ci"),
    **dict.fromkeys(("perl", "ruby", "php", "lua", "osascript", "tclsh"), "eErIM"),
    **dict.fromkeys(("node", "deno", "bun"), "epr"),
    **dict.fromkeys(("awk", "gawk", "mawk", "npx", "uvx", "pipx", "bunx"), "cefi"),
}
#: Programs with subcommands, some of which run what their words name: the subcommand is named.
_WITH_SUBCOMMANDS = frozenset(
    ("git", "kubectl", "helm", "gh", "glab", "npm", "pnpm", "yarn", "cargo", "go", "uv", "poetry", "nix")
)
#: Subcommands that run the word behind them.
_RUN_A_PROGRAM = frozenset(
    (
        *("npm exec", "pnpm exec", "pnpm dlx", "yarn exec", "yarn dlx", "go run", "uv run", "poetry run"),
        *("cargo run", "nix run"),
    )
)
#: Subcommands that run anything.
_RUN_ANYTHING = frozenset(
    (
        *("kubectl exec", "kubectl run", "kubectl debug", "git config", "git bisect", "git submodule", "git rebase"),
        *("git filter-branch", "gh api", "gh alias", "gh extension", "nix develop", "nix shell"),
    )
)
#: What changes the meaning of a program without being one of its words.
_LOADED = ("LD_", "DYLD_", "PYTHON", "PERL5", "RUBY", "GIT_", "MAKE", "BASH_", "NODE_OPTIONS", "FAIRWAY_", "AGENT_")
_SHELL_NAMES = frozenset(
    ("ENV", "PATH", "HOME", "IFS", "SHELL", "SHELLOPTS", "PS4", "PROMPT_COMMAND", "MFLAGS", "GNUMAKEFLAGS")
)


def open_program(words: Sequence[str], first_wild: int) -> str:
    """Why a pattern lets the caller choose what runs, "" when it does not; `first_wild` is its first open word."""
    program = words[0].rpartition("/")[2]
    if program in _LAUNCHERS:
        return f"leaves open what {program} runs; name every word of it"
    letters = _INTERPRETERS.get(program.rstrip("0123456789."), "")
    before = words[1:first_wild]
    plain = [word for word in before if not word.startswith("-")]
    if letters and (not plain or any(_takes_text(word, letters) for word in before)):
        return f"leaves open what {program} runs; name the script, and no -c or -e beside an open word"
    if program in _WITH_SUBCOMMANDS:
        if program == "git" and before[:1] != plain[:1]:
            return "has options of git before its subcommand; some of them run what they name"
        if before[:1] != plain[:1]:
            plain = plain[1:]  # the value of the option in front, such as --dir packages/web
        subcommand = f"{program} {plain[0]}" if plain else ""
        if not plain or subcommand in _RUN_ANYTHING or (subcommand in _RUN_A_PROGRAM and len(plain) < 2):
            return f"leaves open what {subcommand or program} does; name its words"
    return ""


def _takes_text(option: str, letters: str) -> bool:
    """Whether an option of an interpreter is followed by a program as text (`-c`, `-ec`, `--eval`)."""
    if option.startswith("--"):
        return option.partition("=")[0] in ("--eval", "--command", "--execute", "--print", "--require", "--import")
    return option.startswith("-") and bool(set(letters) & set(option[1:]))


def variable_fault(name: str) -> str:
    """Why a command may not be given a variable of its caller, "" when it may."""
    if name in _SHELL_NAMES or name.startswith(_LOADED):
        return f"{name} changes what programs run or read; put what is needed into the command"
    return "" if _is_name(name) else f"{name!r} is no name of a variable"


def _is_name(text: str) -> bool:
    return text.isascii() and text.isidentifier()


def option_fault(option: str) -> str:
    """What is wrong with an entry of `options`, "" when nothing is."""
    if option.startswith("-") and "=" not in option and " " not in option.strip():
        return ""
    name = option[:-1] if option.endswith("=") else ""
    if _is_name(name) and not name.startswith(_LOADED) and name not in ("SHELL", "MFLAGS", "GNUMAKEFLAGS"):
        return ""
    return f"{option!r} is neither an option such as -n or --tail nor an assignment such as ENV="
