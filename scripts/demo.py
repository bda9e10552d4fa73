"""`make demo`: the normal path of a task, from ready to done, in a throw-away GPUaaS-shaped repository.

Everything runs as a person would type it: real git worktrees, the real Makefile fragment, the real tools.
`--keep` leaves the folder for exploring. The tools are those of this checkout; `--installed FOLDER` takes those of an
installed package, `--by COMMAND` one program that is called without make (`--by ./fairway-1.0.0.pyz`).
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LANES = ("A-backend", "B-ui", "C-ops", "D-arch", "E-governance")
QUEUE_FILE = "doc/governance/Agent_Work_Queue.yaml"
IDENTITY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Demo",
    "GIT_AUTHOR_EMAIL": "demo@example.org",
    "GIT_COMMITTER_NAME": "Demo",
    "GIT_COMMITTER_EMAIL": "demo@example.org",
}


class Demo:
    """One walk through a repository made in `folder`."""

    def __init__(self, folder: str, installed: str = "", program: str = "") -> None:
        """`installed` is a folder of tools, `program` what is called in their place; neither means this checkout."""
        self.installed = os.path.abspath(installed) if installed else ""
        # the walk changes folders
        self.program = [os.path.abspath(word) if os.path.isfile(word) else word for word in shlex.split(program)]
        self.main = os.path.join(folder, "gpuaas")
        self.lane = os.path.join(folder, "gpuas-B-ui")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "FAIRWAY_", "MAKE", "MFLAGS"))
        }
        self.env = {**kept, **IDENTITY}
        if installed:
            self.env["PATH"] = os.pathsep.join([self.installed, kept.get("PATH", os.defpath)])

    def show(self, *words: str, cwd: str = "", fails: bool = False) -> str:
        """Print a command line as a person would type it, run it, show what it said; its answer, as `run` gives it."""
        where = os.path.basename(cwd or self.main)
        if self.program and words[0] == "make":
            words = (*self.program, words[1], *flags(words[2:]))
        print(f"\n[{where}]$ {' '.join(quoted(word) for word in words)}", flush=True)
        return self.run(*words, cwd=cwd, echo=True, fails=fails)

    def run(self, *words: str, cwd: str = "", echo: bool = False, fails: bool = False) -> str:
        """Run a command that has to succeed, and give its standard output.

        With `fails` it has to fail, and what it said on standard error about that is given.
        """
        done = subprocess.run(
            words,
            cwd=cwd or self.main,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        unexpected = bool(done.returncode) is not fails
        if echo or unexpected:
            print(done.stdout + done.stderr, end="", flush=True)
        if unexpected:
            sys.exit(f"demo: {' '.join(words)} ended with {done.returncode}")
        # Notes and warnings are for people: merged into the answer they would be taken for data.
        return (done.stderr if fails else done.stdout).strip()

    def tool(self, name: str, *words: str, cwd: str = "") -> str:
        """Run one tool."""
        if self.program or self.installed:
            return self.run(*(*self.program, name) if self.program else (name,), *words, cwd=cwd)
        return self.run(sys.executable, os.path.join(HOME, "bin", name), *words, cwd=cwd)

    def makefile(self) -> str:
        """The Makefile of the repository: the fragment, where there is one."""
        if self.program:
            return "all: ;\n"
        if self.installed:
            return f"include {self.tool('fairway-mk-path')}\n"
        return f"FAIRWAY_HOME := {HOME}\ninclude {HOME}/make/fairway.mk\n"

    def commit(self, files: dict[str, str], message: str, cwd: str = "") -> str:
        """Write files and commit them; the short id of the commit."""
        for path, text in files.items():
            target = os.path.join(cwd or self.main, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8") as file:
                file.write(text)
        self.run("git", "add", "--all", cwd=cwd)
        self.run("git", "commit", "--quiet", "-m", message, cwd=cwd)
        return self.run("git", "rev-parse", "--short=8", "HEAD", cwd=cwd)

    def set_up(self) -> None:
        """A repository on `master` with the gpuaas configuration, a queue of 406 tasks and five lane worktrees."""
        os.makedirs(self.main)
        self.run("git", "init", "--quiet", "--initial-branch=master")
        first = self.commit({"README.md": "# gpuaas\n", "Makefile": self.makefile()}, "Start")
        os.makedirs(os.path.join(self.main, os.path.dirname(QUEUE_FILE)))
        self.tool("queue-generate", "--output", os.path.join(self.main, QUEUE_FILE), "--commits", first)
        self.tool("fairway-init", "--preset", "gpuaas")
        self.commit({}, "Queue and configuration")
        for lane in LANES:
            path = os.path.join(os.path.dirname(self.main), f"gpuas-{lane}")
            self.run("git", "worktree", "add", "--quiet", "--no-track", "-b", f"agent/{lane}", path, "master")
        print(f"{self.main}: a repository on master, {len(LANES)} lane worktrees beside it, and {QUEUE_FILE}")

    def walk(self) -> None:
        """Prune, ready, claim, work, evidence, handoff, route, review, merge-ready, merge, done, git-check."""
        self.show("make", "queue-prune-stale", "ACTOR=coordinator")
        self.show("make", "queue-ready", "ROLE=B-ui", "LIMIT=5")
        task_id = self.tool("queue-ready", "--role", "B-ui", "--limit", "1", "--format", "ids").splitlines()[0]
        task = f"TASK_ID={task_id}"
        self.show("make", "queue-claim", "ROLE=B-ui", "OWNER=B", task, cwd=self.lane)
        page, contract = "packages/web/src/App.tsx", "doc/api/openapi.draft.yaml"
        print(f"\n[gpuas-B-ui] the work itself: a commit that changes {page} and {contract}")
        sha = self.commit({page: "export {}\n", contract: "openapi: 3.1.0\n"}, f"{task_id}: show node names", self.lane)
        self.show(
            "make",
            "queue-record-evidence",
            task,
            "COMMAND_TEXT=pnpm --dir packages/web typecheck",
            "RESULT=pass",
            cwd=self.lane,
        )
        self.show(
            *("make", "queue-record-handoff", task, "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}"),
            *("COMMANDS=pnpm --dir packages/web typecheck", "RESULTS=pass", f"CHANGED_FILES={page} {contract}"),
            cwd=self.lane,
        )
        self.show("make", "queue-route-review", task, f"REF={sha}")
        for lane, reviewer, note in (("D-arch", "D", "No findings."), ("E-governance", "E", "Gates sufficient.")):
            self.show(
                *("make", "queue-record-review", task, f"REVIEWER_ROLE={lane}", f"REVIEWER={reviewer}"),
                *("STATUS=approved", f"COMMIT={sha}", f"NOTE={note}"),
            )
        self.show("make", "queue-merge-ready", task, f"REF={sha}")
        self.show("git", "merge", "--quiet", "--ff-only", sha)
        self.show("make", "queue-set-status", task, "STATUS=done", "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}")
        for lane in LANES:
            self.run(
                "git",
                "merge",
                "--quiet",
                "--ff-only",
                "master",
                cwd=os.path.join(os.path.dirname(self.main), f"gpuas-{lane}"),
            )
        print("\n[all lanes] git merge --ff-only master")
        self.show("make", "queue-git-check")
        self.show("make", "queue-activity", task)


def flags(words: tuple[str, ...]) -> list[str]:
    """Variables as they are typed for make (`TASK_ID=B-1`) as flags of a tool (`--task-id B-1`)."""
    pairs = (word.partition("=") for word in words)
    return [part for name, _, value in pairs for part in (f"--{name.lower().replace('_', '-')}", value)]


def quoted(word: str) -> str:
    """A word as a shell would need it, the way people write make variables: NAME="a b"."""
    name, equals, value = word.partition("=")
    if not equals or shlex.quote(name) != name:
        return shlex.quote(word)
    if shlex.quote(value) == value or not value:
        return word
    return f'{name}="{value}"' if not set(value) & set('"$`\\!\n') else f"{name}={shlex.quote(value)}"


def main() -> None:
    """Run the walk and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the folder for exploring")
    options.add_argument("--installed", default="", metavar="FOLDER", help="the tools of an installed package")
    options.add_argument("--by", default="", metavar="COMMAND", help="one program in place of the tools and of make")
    given = options.parse_args()
    keep = given.keep
    started = time.monotonic()
    folder = os.path.realpath(tempfile.mkdtemp(prefix="fairway-demo-"))
    try:
        demo = Demo(folder, given.installed, given.by)
        demo.set_up()
        demo.walk()
        print(f"\ndemo: done in {time.monotonic() - started:.1f} s")
        if keep:
            print(f"demo: explore it with  cd {demo.main} && make queue-help")
    finally:
        if not keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
