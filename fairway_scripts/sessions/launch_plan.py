"""What a launch would do, decided and checked before anything is started."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.base.identity import clean_name
from fairway_scripts.base.own_files import HOME
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.base.words import provider_commands as commands
from fairway_scripts.base.words import sessions as rules
from fairway_scripts.git.lane_state import has_branch, is_merged, lane_facts, lane_worktree
from fairway_scripts.programs.processes import ALIVE, UNKNOWN, liveness
from fairway_scripts.project.changes import find_state
from fairway_scripts.project.lane_choice import chosen_lane, worktree_root
from fairway_scripts.project.places import store_folder
from fairway_scripts.sessions.session_entries import EMPTY
from fairway_scripts.sessions.sessions import lane_entries
from fairway_scripts.sessions.terminals import backends
from fairway_scripts.work.claims import already_claimed, claimed_status, unmet
from fairway_scripts.work.local_artifacts import counting
from fairway_scripts.work.preflight import preflight_issues

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionLaunch
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import SessionRow

#: Backends whose sessions nobody starts here (no command, script or transcript); by hand, a person does.
UNSTARTED = (BY_HAND := "manual", "codex-api")
#: What is natural when a task is taken up again where another session left it.
_UNFINISHED = ("uncommitted_changes", "outdated_base")


class LaunchPlan:
    """A checked plan. `session_id` is made up unless the call names one, and final once the session is registered."""

    def __init__(self, project: Project, args: SessionLaunch) -> None:
        self.project = project
        self.lane = chosen_lane(project, args.role)
        self.task_id = str(args.task_id)
        self.warnings: list[str] = []
        self.forced = bool(args.force)
        entries = lane_entries(project, self.lane) if self.lane else None
        self.backend = rules.checked_backend(args.backend or project.settings["sessions"]["default_backend"])
        self.provider = clean_name(args.provider, "PROVIDER") or (entries and entries["provider"]) or ""
        self.branch = (entries and entries["branch"]) or ""
        self.worktree = os.path.realpath(args.worktree or self._lane_worktree())
        prefix = project.settings["sessions"]["name_prefix"]
        self.session_name = clean_name(args.session_name, "SESSION_NAME") or _terminal_name(f"{prefix}-{self.lane}")
        self.external_id = clean_name(args.external_id, "EXTERNAL_ID")
        self._own_id = rules.checked_id(args.session_id) if args.session_id else ""
        self.session_id = self._own_id or rules.new_id(self.backend, self.lane, clock.now(), set())
        self._transcript = os.path.abspath(args.transcript_path) if args.transcript_path else ""
        self._prompt, self._packet = str(args.prompt), str(args.packet)
        self._template = str(args.provider_command)

    @property
    def title(self) -> str:
        """The name of the pane or window."""
        return self.task_id or self.lane

    @property
    def records(self) -> bool:
        """Whether this launch starts something whose output it keeps."""
        return self.backend not in UNSTARTED

    @property
    def script_path(self) -> str:
        """Where the session's script lies: beside the store, which all worktrees share."""
        return os.path.join(store_folder(self.project), "sessions", f"{self.session_id}.sh")

    @property
    def transcript(self) -> str:
        """Where the transcript is kept."""
        return self._transcript or self.script_path.removesuffix(".sh") + ".log"

    @property
    def template(self) -> str:
        """The template of the provider's command."""
        return self._template or settings_of.provider_command(self.project.settings, self.provider)

    @property
    def values(self) -> dict[str, str]:
        """What the placeholders stand for."""
        return {
            "task_id": self.task_id,
            "role": self.lane,
            "session_id": self.session_id,
            "worktree": self.worktree,
            "branch": self.branch,
            "packet": os.path.abspath(self._packet) if self._packet else "",
            "prompt": self._prompt,
            "transcript": self.transcript if self.records else "",
        }

    @property
    def words(self) -> list[str]:
        """The provider's command."""
        return commands.command_words(self.template, self.values) if self.records else []

    @property
    def environment(self) -> dict[str, str]:
        """What the session's environment has beyond that of its terminal; its identity, and the same store as here."""
        own = {commands.PLACEHOLDERS[name]: value for name, value in self.values.items() if value}
        own["AGENT_ROLE"] = self.lane
        own["PATH"] = os.environ.get("PATH", os.defpath)
        for variable, place in (("QUEUE_DB", self.project.store_place), ("QUEUE_FILE", self.project.queue)):
            if place.found.startswith(("--", "QUEUE_", "AGENT_QUEUE_")):
                own[variable] = place.path
        if self.project.config.found in ("--config", "FAIRWAY_CONFIG"):
            own["FAIRWAY_CONFIG"] = self.project.config.path
        return own

    def environment_of_hand(self) -> dict[str, str]:
        """What a person exports in a session that nobody starts for them."""
        return {name: value for name, value in self.environment.items() if name != "PATH"}

    def row(self, status: str) -> SessionRow:
        """The session as it is registered."""
        return {
            **EMPTY,
            **lane_entries(self.project, self.lane, self.worktree),
            "session_id": self._own_id,
            "backend": self.backend,
            "provider": self.provider or None,
            "session_name": self.session_name if self.backend in ("tmux", "zellij") else None,
            "task_id": self.task_id or None,
            "external_id": self.external_id or None,
            "command": " ".join(quoted(word) for word in self.words) or None,
            "status": status,
        }

    def check(self, *, claim: bool, foreground: bool) -> None:
        """Raise FairwayError for the first thing that stands in the way; what does not is in `warnings`."""
        if not self.lane:
            raise FairwayError("usage", "ROLE is required: nothing tells which lane is meant", suggest_call(ROLE=None))
        if foreground and self.backend != "shell":
            raise FairwayError(
                "usage", f"FOREGROUND is for backend shell, not {self.backend}", suggest_call(FOREGROUND=False)
            )
        if claim and not self.task_id:
            raise FairwayError(
                "usage", "CLAIM needs a TASK_ID", suggest("session-launch", ROLE=None, TASK_ID=None, CLAIM=True)
            )
        with self.project.store.read() as tx:
            resumed = self._check_task(tx, claim=claim) if self.task_id else False
            self.refuse_second(tx)
        self._check_worktree(resumed=resumed)
        if self.records:
            self._check_command()
        if reason := backends()[self.backend].available():
            raise FairwayError(
                "backend_unavailable",
                f"sessions cannot be started in {self.backend}: {reason}",
                suggest_call(BACKEND="shell"),
                backend=self.backend,
            )

    def refuse_second(self, tx: Transaction) -> None:
        """Raise FairwayError `session_live` when another session works in the same worktree.

        A session that was marked stale counts while its process is seen to run. `already_exists` when SESSION_ID
        names a session that is known.
        """
        if self._own_id and tx.value("sessions.session", session_id=self._own_id) is not None:
            raise FairwayError(
                "already_exists",
                f"there is a session {self._own_id} already",
                suggest_call(SESSION_ID=""),
                session_id=self._own_id,
            )
        for row in tx.all("sessions.in_worktree", worktree_path=self.worktree):
            process = liveness(row["pid"], row["pid_started_at"], row["host"])
            alive = process == ALIVE or (row["ended_at"] is None and process == UNKNOWN and not row["external_id"])
            if not alive:
                continue
            said = f"session {row['session_id']} ({row['provider'] or row['backend']}) works in {self.worktree}"
            if self.forced:
                self.warnings.append(said)
                continue
            raise FairwayError(
                "session_live",
                said,
                suggest("session-end", SESSION_ID=row["session_id"], STOP=True),
                session_id=row["session_id"],
            )

    def _lane_worktree(self) -> str:
        """Where the lane works, whether it is there or not; without git, here."""
        repository = self.project.repository
        if repository is None or not self.lane:
            return self.project.worktree
        path: str = lane_worktree(repository, self.project.settings, self.lane, worktree_root())["path"]
        return path

    def _check_task(self, tx: Transaction, *, claim: bool) -> bool:
        """Whether the task is already in progress, so that the session takes it up again."""
        state = find_state(tx, self.task_id)
        if state["role"] != self.lane:
            raise FairwayError(
                "wrong_lane",
                f"{self.task_id} belongs to lane {state['role']}, not to {self.lane}",
                suggest("session-launch", ROLE=state["role"], TASK_ID=self.task_id),
                task_id=self.task_id,
                lane=state["role"],
            )
        if state["terminal"]:
            raise FairwayError(
                "invalid_transition",
                f"{self.task_id} is {state['status']}: there is nothing to work on",
                suggest("queue-ready", ROLE=self.lane),
                task_id=self.task_id,
            )
        resumed: bool = state["status"] == claimed_status(self.project)
        if claim and resumed and state["claimant"] is not None:
            raise already_claimed(state, suggest("queue-reclaim", TASK_ID=self.task_id, REASON=None))
        if state["open_blockers"]:
            waiting = ", ".join(f"{row['id']} ({row['status']})" for row in unmet(tx, self.task_id))
            if claim and not self.forced:
                hint = suggest("queue-ready", ROLE=self.lane)
                raise FairwayError("not_ready", f"{self.task_id} waits for {waiting}", hint, task_id=self.task_id)
            self.warnings.append(f"{self.task_id} waits for {waiting}")
        if not resumed and not claim:
            self.warnings.append(f"{self.task_id} is {state['status']} and not claimed: CLAIM=1 claims it")
        return resumed

    def _check_worktree(self, *, resumed: bool) -> None:
        setup = suggest("worktree-setup", ROLE=self.lane)
        if not os.path.isdir(self.worktree):
            raise self._preflight_failed(f"there is no worktree {self.worktree}", setup, [])
        repository = self.project.repository
        if repository is None:
            return
        facts = lane_facts(
            repository, self.project.settings, self.lane, worktree_root(), counting=counting(self.project)
        )
        issues = preflight_issues(facts, has_branch=has_branch(repository, facts), merged=is_merged(repository, facts))
        missing = next((issue for issue in issues if issue["check"] == "worktree_missing"), None)
        if missing and os.path.realpath(facts["path"]) == self.worktree:
            raise self._preflight_failed(missing["message"], setup, [missing])
        if self.worktree != os.path.realpath(facts["path"]):
            self.warnings.append(f"{self.worktree} is not the worktree of lane {self.lane}: it was not checked")
            return
        for issue in issues:
            if issue["level"] == "error" and not self.forced and not (resumed and issue["check"] in _UNFINISHED):
                raise self._preflight_failed(issue["message"], issue["fix"], issues)
            self.warnings.append(issue["message"])

    def _preflight_failed(self, message: str, hint: str, issues: object) -> FairwayError:
        return FairwayError("preflight_failed", f"lane {self.lane}: {message}", hint, lane=self.lane, issues=issues)

    def _check_command(self) -> None:
        if not self.template:
            raise FairwayError(
                "usage",
                f"lane {self.lane} has no provider, so there is nothing to start but a session by hand",
                suggest_call(BACKEND=BY_HAND),
            )
        if self._template and (fault := commands.template_fault(self._template)):
            raise FairwayError("usage", f"PROVIDER_COMMAND {fault}", suggest("session-launch", "--help"))
        if "packet" in commands.placeholders(self.template) and not self._packet:
            raise FairwayError(
                "usage",
                f"the command of {self.provider or 'the provider'} takes a {{packet}}, and no PACKET is named",
                suggest("context-packet", TASK_ID=self.task_id, OUTPUT=None),
            )
        if self._packet and not os.path.isfile(self._packet):
            raise FairwayError("not_found", f"{self._packet}: no such packet", suggest_call(PACKET=None))
        program = self.words[0]
        if not shutil.which(program, path=os.environ.get("PATH")):
            raise FairwayError(
                "missing_dependency",
                f"the program {program} is not on PATH",
                suggest_call(BACKEND=BY_HAND, PROVIDER_COMMAND=""),
                program=program,
            )


def tool_command(tool: str) -> list[str]:
    """The words that run another tool of here from anywhere; raises FairwayError `missing_dependency` without it."""
    for path in (os.path.join(HOME, "bin", tool), os.path.join(os.path.dirname(sys.executable), tool)):
        if os.path.isfile(path):
            return [sys.executable, path]
    message = f"the tool {tool} is not installed beside this one"
    raise FairwayError("missing_dependency", message, suggest("queue-doctor"))


def _terminal_name(name: str) -> str:
    """`name` as tmux and zellij take it for the name of a session."""
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)
