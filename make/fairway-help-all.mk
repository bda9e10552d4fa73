# What fairway.mk offers, as lines for a help of the host that searches $(MAKEFILE_LIST).
#
# Written from the table of tools by `python -m fairway_scripts.front.make_fragment`. fairway.mk includes
# fairway-help.mk where FAIRWAY_HELP is 1, fairway-help-all.mk where it is `all`. Nothing in it is read by make.

ifdef fairway.nothing
queue-ready: ## List the tasks that can be claimed now, in the order to take them: of every lane, of one, or of yours (MINE).
queue-claim: ## Claim a task for a lane, or the lane's next ready task when no TASK_ID is given.
queue-release: ## Give a claimed task back to the queue.
queue-reclaim: ## Take a task back whose lease has run out.
queue-set-status: ## Move a task to another status, through the gates.
queue-record-evidence: ## Record a command and its result as evidence for a task.
queue-record-handoff: ## Record a handoff: what was done, on which commit, with what results.
queue-ack-handoff: ## Acknowledge a task's open handoffs.
queue-route-review: ## Say which lanes must review a commit, and open the review requests.
queue-record-review: ## Record a review verdict, bound to the commit it was read on.
queue-merge-ready: ## Check whether a commit of a task may be merged, line by line.
queue-list: ## List tasks by lane, status or owner.
queue-task-detail: ## Show everything that is recorded about a task.
queue-prime: ## Print what a session has to know: its lane, its work, what is missing, and the next three lines. The same as fairway-prime.
queue-undo: ## Revert your last change by a compensating event.
queue-validate: ## Report every fault of the queue file, each with its line.
queue-import: ## Import the definitions of the queue file now, and what an old database knows of its tasks.
queue-add: ## Add a task to the store.
queue-update: ## Change the definition of a task that the store owns.
queue-spawn: ## Add a task beside the one that is being worked on; lane, priority and metadata come from it.
queue-tree: ## Show what lies below a task, and how much of it is done; without TASK_ID, every task with others below it.
queue-export: ## Write tasks of the store into the queue file, touching nothing else in it.
queue-prune-stale: ## Remove untouched tasks that left the queue file; archive the others.
queue-git-check: ## Compare the queue with git: branches, commits, lane worktrees.
queue-record-push-intent: ## Record what a task's branch on a remote is for.
queue-closeout: ## Show what is left of work that is over: branches on a remote, push intents, sessions.
queue-status-report: ## Count tasks by status and lane.
queue-health-report: ## Show what has been waiting too long.
queue-timing-report: ## Show cycle, wait, blocked and review time by lane and task.
queue-activity: ## Show what happened, newest first.
orchestrator-preflight: ## Check everything that should be mended before work is given out.
orchestrator-status: ## Show lanes, active and ready tasks, sessions, watchers, checkpoints and health.
orchestrator-tick: ## Show the status and what is to be done next, with the command lines; changes nothing.
orchestrator-dispatch: ## Plan which lane takes up which task now, and what stands in the way.
orchestrator-dispatch-plan: ## Plan which lane takes up which task now, and what stands in the way. The same as orchestrator-dispatch.
fairway-tui: ## Show lanes, board, reviews, sessions, activity and what is next on one page of the terminal, with keys.
worktree-setup: ## Give every lane its worktree and branch; what is there stays as it is.
agent-setup-lanes: ## Give every lane its worktree and branch; what is there stays as it is. The same as worktree-setup.
worktree-status: ## Show every lane's worktree: branch, changes, distance from the base, sessions, tasks.
worktree-prune: ## Say why each worktree stays; with YES remove those that nothing keeps.
queue-preflight: ## Check whether a lane is fit to start work in, with a fix for each issue.
agent-preflight: ## Check whether a lane is fit to start work in, with a fix for each issue. The same as queue-preflight.
review-checkout: ## Check out a task's work on its lane's review branch.
agent-role-config: ## Print the role table: lanes with branch, worktree, provider; for shells too.
session-status: ## List the live sessions with what has become of their processes.
queue-session-status: ## List the live sessions with what has become of their processes. The same as session-status.
agent-session-status: ## List the live sessions with what has become of their processes. The same as session-status.
session-upsert: ## Register a session, or change what is named of one; everything else is kept.
queue-session-upsert: ## Register a session, or change what is named of one; everything else is kept. The same as session-upsert.
session-heartbeat: ## Say that a session is still there; every command of a session does so too.
queue-session-heartbeat: ## Say that a session is still there; every command of a session does so too. The same as session-heartbeat.
session-end: ## Record that a session ended, and how.
queue-session-end: ## Record that a session ended, and how. The same as session-end.
session-reconcile: ## Mark the sessions that are over as stale, and report work in progress that no session attends.
queue-session-reconcile: ## Mark the sessions that are over as stale, and report work in progress that no session attends. The same as session-reconcile.
session-launch: ## Start a provider on a lane, in a shell, tmux or zellij, after every check has passed.
agent-launch: ## Start a provider on a lane, in a shell, tmux or zellij, after every check has passed. The same as session-launch.
queue-session-launch: ## Start a provider on a lane, in a shell, tmux or zellij, after every check has passed. The same as session-launch.
subagent-bridge: ## Record what a sub-agent reports of itself: started, running, waiting, completed, failed, stale.
agent-subagent-bridge: ## Record what a sub-agent reports of itself: started, running, waiting, completed, failed, stale. The same as subagent-bridge.
checkpoint-record: ## Record where a task or a track stands.
orchestrator-checkpoint: ## Record where a task or a track stands. The same as checkpoint-record.
queue-checkpoint-record: ## Record where a task or a track stands. The same as checkpoint-record.
checkpoint-status: ## Show where every task and track with an open checkpoint stands.
orchestrator-checkpoints: ## Show where every task and track with an open checkpoint stands. The same as checkpoint-status.
queue-checkpoint-status: ## Show where every task and track with an open checkpoint stands. The same as checkpoint-status.
checkpoint-stale: ## Show the open checkpoints that are too old or past their target.
orchestrator-checkpoint-stale: ## Show the open checkpoints that are too old or past their target. The same as checkpoint-stale.
queue-checkpoint-stale: ## Show the open checkpoints that are too old or past their target. The same as checkpoint-stale.
watcher-start: ## Register a watcher that somebody looks after; nothing is run.
watcher-finish: ## Finish a watcher and record its evidence, in one change.
watcher-status: ## Show the watchers that are at work or blocked, and which of them went quiet.
watcher-run: ## Run a command under supervision until it is decided, and record how it went.
context-packet: ## Print the bounded brief of a task: goal, limits, acceptance, and what is recorded.
agent-context-packet: ## Print the bounded brief of a task: goal, limits, acceptance, and what is recorded. The same as context-packet.
bugfix-packet: ## Print the review packet of a bug fix: root cause, proof, coverage, risk.
agent-bugfix-packet: ## Print the review packet of a bug fix: root cause, proof, coverage, risk. The same as bugfix-packet.
watcher-packet: ## Print the brief of a watch: what to look at, what counts, what is allowed.
agent-watch-task: ## Print the brief of a watch: what to look at, what counts, what is allowed. The same as watcher-packet.
architecture-map-packet: ## Print the packet of an architecture map.
boundary-guard-packet: ## Print the packet of a boundary guard.
vertical-slice-packet: ## Print the packet of a vertical slice.
packet-template: ## Print the packet of a template of the configuration.
regression-packs: ## List, show, check and choose regression packs, and record a run of one.
workflow-regression-packs: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs.
workflow-regression-packs-list: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs list.
workflow-regression-packs-show: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs show.
workflow-regression-packs-validate: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs validate.
workflow-regression-packs-for-paths: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs for-paths.
workflow-regression-packs-for-task: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs for-task.
workflow-regression-packs-record: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs record.
regression-packs-list: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs list.
regression-packs-show: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs show.
regression-packs-validate: ## List, show, check and choose regression packs, and record a run of one. The same as regression-packs validate.
util-ci-packet: ## Make a packet of a build's report: what failed first, its lines, class and lane. The same as ci-packet.
util-deploy-packet: ## Hold what is deployed against what was expected, field by field. The same as deploy-packet.
util-uat-matrix: ## Show flows by environments and browsers from test reports and what people saw. The same as uat-matrix.
util-evidence-bundle: ## Make a manifest of a finished run, and the commands that record it as evidence. The same as evidence-bundle.
util-evidence-verify: ## Hash every recorded artifact again, and tell which have changed. The same as evidence-verify.
util-output-report: ## Show what was delivered of each kind of output, from evidence. The same as output-report.
queue-approve-run: ## Record who lets a class of commands be run for a task.
util-trusted-run: ## Run an approved command in the lane of a task, and record how it went. The same as trusted-run.
review-waive: ## Record that a lighter review is enough, or a domain need not approve yet: why, and until when.
queue-waive-review: ## Record that a lighter review is enough, or a domain need not approve yet: why, and until when. The same as review-waive.
review-waits: ## Show who waits for whom in reviews, since when, with the line that wakes the one who is waited for.
queue-review-waits: ## Show who waits for whom in reviews, since when, with the line that wakes the one who is waited for. The same as review-waits.
review-report: ## Show reviews asked, done and found by shape and lane, and the time they took.
util-review-report: ## Show reviews asked, done and found by shape and lane, and the time they took. The same as review-report.
usage-record: ## Record what a session spent on a task or in a lane: tokens, money, minutes.
usage-report: ## Sum up what was spent by lane, task, utility and model, and say of how many tasks nothing is known.
readiness-report: ## Show which gates of the workstream profiles are met, and what is missing.
util-readiness-report: ## Show which gates of the workstream profiles are met, and what is missing. The same as readiness-report.
record-guard-report: ## Record a guard's run as evidence for a gate: what it found, and what it found wrongly.
guard-graduate: ## Make a guard's gate blocking once its criteria hold, or let it only report again.
util-gate-select: ## Show which gates, packs, reviewers and checks a change calls for, and why not the others. The same as gate-select.
util-release-verify: ## Check that all that was merged since the last tag has its evidence and reviews. The same as release-verify.
lane-engine: ## Show which side answers each lane during a cut-over, move a lane over, or take it back.
parity-report: ## Count by lane and operation where both sides agreed in shadow, and show what nobody has explained.
queue-snapshot: ## Write every table of the store as one JSON or YAML document.
queue-backup: ## Copy the store through SQLite's backup interface.
queue-restore: ## Restore the store from a backup or a snapshot.
queue-migrate: ## Bring the store to the newest schema, after a backup.
queue-store-move: ## Move the store to a PostgreSQL server or back, proved by equal hashes.
queue-store-check: ## Try a PostgreSQL server in a scratch schema: the same answers as a file, and one winner of a race.
queue-verify: ## Recompute the ledger, and compare every row with what its events recorded.
queue-anchor: ## Keep the head of the ledger in a git ref that can be pushed, signed where a key is configured.
queue-where: ## Show which store, queue file, config and lane are used, and why.
queue-doctor: ## Check the set-up, the store, git, the lanes and the file system.
queue-help: ## Show the ten commands of the day and the families of tools; with ALL every tool, with TOPIC one of them.
fairway-dashboard: ## Show the project in a browser: what needs somebody, who works on what, and the proof.
endif
