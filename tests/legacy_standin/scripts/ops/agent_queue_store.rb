#!/usr/bin/env ruby
# frozen_string_literal: true

# The agent queue: definitions from the YAML file, state in SQLite below the shared git directory.
# Usage: ruby scripts/ops/agent_queue_store.rb [--queue-file PATH] COMMAND [--option VALUE ...]

require "date"
require "fileutils"
require "json"
require "open3"
require "time"
require "yaml"
begin
  require "sqlite3"
rescue LoadError
  require "rubygems"
  require "sqlite3"
end

Encoding.default_external = Encoding::UTF_8 # the locale of a cron job or a CI runner may say otherwise

ROLES = %w[A-backend B-ui C-ops D-arch E-governance].freeze
STATES = %w[todo in_progress blocked done].freeze
MAIN_BRANCH = "master"
NO_PRIORITY = 1000
ID_PATTERN = /\A[A-Z][A-Z0-9-]*\z/.freeze
RESULTS = { "pass" => "pass", "ok" => "pass", "fail" => "fail", "partial" => "partial",
            "skipped" => "skipped", "blocked" => "blocked" }.freeze
VERDICTS = { "approved" => "approved", "approve" => "approved", "changes_requested" => "changes_requested",
             "changes" => "changes_requested", "blocked" => "blocked", "reject" => "blocked" }.freeze
TRACK_STATES = %w[planned active awaiting_input review done parked abandoned].freeze
SESSION_STATES = %w[starting running ended failed stale].freeze
SESSION_STALE_SECONDS = 12 * 3600
CHECKPOINT_STALE_SECONDS = 24 * 3600

# Both review lanes must approve a change of one of these.
SENSITIVE = [
  %r{\Adoc/api/openapi\.draft\.yaml\z}, %r{\Adoc/api/asyncapi\.draft\.yaml\z},
  %r{\Adoc/architecture/}, %r{\Adoc/governance/}, %r{\Ascripts/ci/}
].freeze
SENSITIVE_REVIEWERS = %w[D-arch E-governance].freeze

# First match wins, but nobody reviews for the lane that did the work.
OWNER_ROUTES = [
  [%r{\A\.github/}, "C-ops"],
  [%r{\Ascripts/ci/}, "E-governance"],
  [%r{\Adoc/api/}, "D-arch"],
  [%r{\Adoc/architecture/}, "D-arch"],
  [%r{\Adoc/governance/}, "E-governance"],
  [%r{\A(docs/architecture|docs?/design|docs/governance)/}, "D-arch"],
  [%r{\Acmd/(api|terminal-gateway|node-agent|billing-worker|provisioning-worker)/}, "E-governance"],
  [%r{\Apackages/services/(auth|billing|payments|provisioning|terminal|appruntime)/}, "E-governance"],
  [%r{\Apackages/shared/authz/}, "E-governance"],
  [%r{\A(cmd|packages|scripts)/[^/]*(security|release|runtime)[^/]*\z}, "E-governance"],
  [%r{\Ascripts/ops/}, "C-ops"],
  [%r{\A(packages/web|app)/}, "B-ui"]
].freeze

SCHEMA = <<~SQL
  CREATE TABLE IF NOT EXISTS store_info (name TEXT PRIMARY KEY, value TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS task_state (
    task_id TEXT PRIMARY KEY, status TEXT NOT NULL, owner TEXT NOT NULL DEFAULT '',
    branch TEXT NOT NULL DEFAULT '', claimed_at TEXT, completed_at TEXT, commit_sha TEXT NOT NULL DEFAULT '',
    review_required INTEGER NOT NULL DEFAULT 0, review_status TEXT NOT NULL DEFAULT 'not_required',
    review_roles TEXT NOT NULL DEFAULT '', reviewer TEXT, reviewed_at TEXT, review_note TEXT,
    updated_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS task_state_history (
    id INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, from_status TEXT, to_status TEXT NOT NULL,
    owner TEXT, branch TEXT, commit_sha TEXT, command_source TEXT NOT NULL, actor TEXT, reason TEXT,
    at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS task_handoffs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, owner TEXT NOT NULL, branch TEXT NOT NULL,
    commit_sha TEXT NOT NULL, commands TEXT, results TEXT, changed_files TEXT, risks TEXT, blockers TEXT,
    next_step TEXT, to_role TEXT, payload TEXT, acknowledged_at TEXT, created_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS task_evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, handoff_id INTEGER, command_text TEXT NOT NULL,
    result TEXT NOT NULL, artifact_path TEXT, artifact_type TEXT, duration_seconds INTEGER, notes TEXT,
    created_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS task_reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT, task_id TEXT NOT NULL, reviewer_role TEXT NOT NULL,
    reviewer TEXT NOT NULL, verdict TEXT NOT NULL, reviewed_commit_sha TEXT NOT NULL, route_reason TEXT,
    notes TEXT, created_at TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS agent_sessions (
    id TEXT PRIMARY KEY, role TEXT NOT NULL, lane TEXT, worktree_path TEXT, branch TEXT, session_backend TEXT,
    provider TEXT, session_name TEXT, task_id TEXT, pid INTEGER, tmux_pane TEXT, transcript_path TEXT,
    status TEXT NOT NULL, started_at TEXT NOT NULL, last_heartbeat_at TEXT NOT NULL, ended_at TEXT,
    exit_code INTEGER, end_reason TEXT);
  CREATE TABLE IF NOT EXISTS track_checkpoints (
    id INTEGER PRIMARY KEY AUTOINCREMENT, track_id TEXT NOT NULL, state TEXT NOT NULL, owner TEXT, summary TEXT,
    artifact_path TEXT, target_close_by TEXT, created_at TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS history_of_task ON task_state_history (task_id, id);
SQL
TASK_TABLES = %w[task_state task_state_history task_handoffs task_evidence task_reviews].freeze

# A call that cannot be carried out; the exit status is 1, or 2 when the call itself is wrong.
class Refusal < StandardError
  attr_reader :code

  def initialize(message, code = 1)
    super(message)
    @code = code
  end
end

def refuse(message)
  raise Refusal, message
end

def usage(message)
  raise Refusal.new(message, 2)
end

# What git says about the repository that the call is made in.
module Git
  module_function

  def run(*words, dir: ".")
    out, status = Open3.capture2("git", "-C", dir, *words, err: File::NULL)
    status.success? ? out.chomp : nil
  end

  def common_dir
    @common_dir ||= File.expand_path(run("rev-parse", "--git-common-dir") || refuse("not in a git repository"))
  end

  def coordinator
    listed = run("worktree", "list", "--porcelain") || refuse("not in a git repository")
    @coordinator ||= listed.lines.first.chomp.delete_prefix("worktree ")
  end

  def commit(revision)
    run("rev-parse", "--verify", "--quiet", "#{revision}^{commit}")
  end

  def known_commit(revision)
    commit(revision) || refuse("no such commit: #{revision}")
  end

  def base(given = nil)
    return given if given

    commit("refs/remotes/origin/#{MAIN_BRANCH}") ? "origin/#{MAIN_BRANCH}" : MAIN_BRANCH
  end

  def ancestor?(older, newer)
    !run("merge-base", "--is-ancestor", older, newer).nil?
  end

  def changed_paths(base, ref)
    parted = run("merge-base", base, ref) || refuse("#{ref} and #{base} have no common history")
    run("diff", "--name-only", "-z", "--no-renames", parted, ref).split("\0")
  end

  def branch_of(worktree)
    run("symbolic-ref", "--short", "--quiet", "HEAD", dir: worktree) || ""
  end

  def dirty_files(worktree)
    run("status", "--porcelain", "--untracked-files=normal", dir: worktree).to_s.lines.map { |line| line.chomp[3..] }
  end

  def behind(base, branch)
    run("rev-list", "--count", "#{branch}..#{base}").to_i
  end
end

# Time as the database writes it: UTC, to the second.
module Clock
  module_function

  def now
    @now ||= ENV["LEGACY_NOW"].to_s.empty? ? Time.now.utc : at(ENV["LEGACY_NOW"])
  end

  def text
    now.strftime("%Y-%m-%d %H:%M:%S")
  end

  def at(text)
    Time.parse(text.match?(/Z|[+-]\d\d:?\d\d\z/) ? text : "#{text} UTC").utc
  end

  def age(text)
    text.to_s.empty? ? 0 : (now - at(text)).to_i
  end
end

# The queue file and the archives beside it.
class Definitions
  attr_reader :path

  def initialize(path)
    @path = path
  end

  def tasks
    @tasks ||= load(path)
  end

  def by_id
    @by_id ||= tasks.to_h { |task| [task["id"], task] }
  end

  def archived
    @archived ||= Dir[File.join(File.dirname(path), "archive", "*.yaml")].sort.flat_map { |file| load(file) }
                                                                         .to_h { |task| [task["id"], task] }
  end

  # Everything that is wrong; `finished` are ids that dependencies may also name.
  def problems(finished = [])
    tasks.each_with_index.flat_map { |task, place| problems_of(task, place, finished) } + repeated_ids + cycles
  end

  private

  def load(file)
    read = YAML.safe_load(File.read(file, encoding: "UTF-8"), permitted_classes: [Date, Time], aliases: true)
    listed = read.is_a?(Hash) ? read["tasks"] : nil
    refuse("#{file}: no list of tasks") unless listed.is_a?(Array) && listed.all?(Hash)
    listed
  rescue Errno::ENOENT
    refuse("no queue file #{file}")
  rescue Psych::SyntaxError => e
    refuse("#{file}: #{e.message}")
  end

  def problems_of(task, place, finished)
    name = task["id"].to_s.empty? ? "task number #{place + 1}" : task["id"].to_s
    found = %w[id title role].select { |field| task[field].to_s.strip.empty? }.map { |field| "#{field} is missing" }
    found << "malformed id" unless task["id"].to_s.match?(ID_PATTERN)
    found << "unknown role #{task['role']}" unless ROLES.include?(task["role"])
    found << "unknown status #{task['status']}" unless STATES.include?(task["status"] || "todo")
    found << "priority is no number" unless task["priority"].nil? || task["priority"].is_a?(Integer)
    found << "done without a commit" if task["status"] == "done" && task["commit"].to_s.empty?
    found += unknown_dependencies(task, finished)
    found.map { |problem| "#{name}: #{problem}" }
  end

  def unknown_dependencies(task, finished)
    unknown = Array(task["depends_on"]).reject { |id| by_id.key?(id) || archived.key?(id) } - finished
    unknown.map { |id| "depends on unknown task #{id}" }
  end

  def repeated_ids
    tasks.group_by { |task| task["id"] }.select { |_id, same| same.size > 1 }.keys.map { |id| "#{id}: repeated id" }
  end

  def cycles
    done = {}
    tasks.map { |task| walk(task["id"], [], done) }.compact.map { |way| "dependency cycle: #{way.join(' -> ')}" }
  end

  def walk(id, way, done)
    return (way + [id]).drop(way.index(id)) if way.include?(id)
    return if done[id] || !by_id.key?(id)

    found = Array(by_id[id]["depends_on"]).each do |needed|
      cycle = walk(needed, way + [id], done)
      break cycle if cycle
    end
    done[id] = true
    found if found.is_a?(Array) && found.first == found.last && found.size > 1
  end
end

# The state of the tasks.
class Store
  def self.path
    File.join(Git.common_dir, "agent_queue", "agent_queue.db")
  end

  def initialize
    FileUtils.mkdir_p(File.dirname(Store.path))
    @db = SQLite3::Database.new(Store.path, results_as_hash: true)
    @db.busy_timeout = 20_000
    create if @db.get_first_value("SELECT count(*) FROM sqlite_master WHERE name = 'track_checkpoints'").zero?
  end

  def rows(sql, *values)
    @db.execute(sql, values)
  end

  def row(sql, *values)
    rows(sql, *values).first
  end

  # BEGIN IMMEDIATE: whoever comes second reads what the first has written.
  def write(&block)
    @db.transaction(:immediate, &block)
  end

  def insert(table, values)
    marks = (["?"] * values.size).join(", ")
    rows("INSERT INTO #{table} (#{values.keys.join(', ')}) VALUES (#{marks})", *values.values)
    @db.last_insert_row_id
  end

  def update(table, key, id, values)
    rows("UPDATE #{table} SET #{values.keys.map { |name| "#{name} = ?" }.join(', ')} WHERE #{key} = ?",
         *values.values, id)
  end

  def changes
    @db.changes
  end

  def state(task_id)
    row("SELECT * FROM task_state WHERE task_id = ?", task_id) || refuse("unknown task #{task_id}")
  end

  def states
    rows("SELECT * FROM task_state").to_h { |state| [state["task_id"], state] }
  end

  # The file says where a task begins; from then on the database knows better.
  def seed(tasks, actor:)
    known = states
    return if tasks.all? { |task| known.key?(task["id"]) }

    write do
      known = states
      tasks.reject { |task| known.key?(task["id"]) }.each { |task| seed_one(task, actor) }
    end
  end

  # Takes the state of every task from the file again; how many were changed by it.
  def overwrite(tasks, actor:)
    changed = 0
    write do
      known = states
      changed = tasks.count { |task| overwrite_one(task, known.fetch(task["id"]), actor) }
    end
    changed
  end

  def move(before, values, source:, actor:, reason: nil)
    update("task_state", "task_id", before["task_id"], values.merge("updated_at" => Clock.text))
    after = before.merge(values)
    note(before["task_id"], before["status"], after, source, actor, reason)
    after
  end

  private

  def create
    File.open("#{Store.path}.lock", File::RDWR | File::CREAT) do |lock|
      lock.flock(File::LOCK_EX)
      @db.execute("PRAGMA journal_mode = WAL")
      write do
        @db.execute_batch(SCHEMA)
        rows("INSERT OR IGNORE INTO store_info VALUES ('layout', '3')")
      end
    end
  end

  def file_state(task)
    { "status" => task["status"] || "todo", "owner" => task["owner"].to_s, "branch" => task["branch"].to_s,
      "completed_at" => task["completed_at"].to_s.empty? ? nil : task["completed_at"].to_s,
      "commit_sha" => task["commit"].to_s }
  end

  def seed_one(task, actor)
    state = file_state(task).merge("task_id" => task["id"], "updated_at" => Clock.text)
    insert("task_state", state)
    note(task["id"], nil, state, "yaml_sync", actor, "first seen in the queue file")
  end

  def overwrite_one(task, before, actor)
    wanted = file_state(task)
    return false if wanted.all? { |name, value| before[name].to_s == value.to_s }

    move(before, wanted, source: "yaml_sync", actor: actor, reason: "taken from the queue file")
    true
  end

  def note(task_id, from, state, source, actor, reason)
    insert("task_state_history",
           "task_id" => task_id, "from_status" => from, "to_status" => state["status"], "owner" => state["owner"],
           "branch" => state["branch"], "commit_sha" => state["commit_sha"], "command_source" => source,
           "actor" => actor, "reason" => reason, "at" => Clock.text)
  end
end

# Who has to review which paths.
module Routing
  module_function

  # [[lane, "sensitive" | "owner", [paths]], ...] in the order of the role table
  def required(paths, own_lane)
    found = Hash.new { |hash, key| hash[key] = [] }
    paths.each do |path|
      if SENSITIVE.any? { |pattern| pattern.match?(path) }
        (SENSITIVE_REVIEWERS - [own_lane]).each { |lane| found[[lane, "sensitive"]] << path }
      end
      lane = OWNER_ROUTES.select { |pattern, _lane| pattern.match?(path) }.map(&:last).find { |name| name != own_lane }
      found[[lane, "owner"]] << path if lane
    end
    found.map { |(lane, layer), below| [lane, layer, below.sort] }
         .sort_by { |lane, layer, _paths| [ROLES.index(lane), layer == "sensitive" ? 0 : 1] }
  end

  def lanes(required)
    required.map(&:first).uniq
  end
end

# Printed reports: text for people, JSON or YAML when asked for.
module Output
  module_function

  def show(options, data, lines)
    case options["format"] || (options["json"] ? "json" : "text")
    when "text" then puts(lines)
    when "json" then puts(JSON.pretty_generate(data))
    when "yaml" then puts(YAML.dump(data))
    else usage("--format is text, json or yaml")
    end
  end

  def table(rows)
    widths = rows.transpose.map { |column| column.map { |cell| cell.to_s.size }.max }
    rows.map { |row| row.zip(widths).map { |cell, width| cell.to_s.ljust(width) }.join("  ").rstrip }
  end
end

# What every command shares: its options, the definitions and the state.
class Desk
  attr_reader :definitions, :options

  def initialize(definitions, options)
    @definitions = definitions
    @options = options
  end

  def store
    @store ||= Store.new.tap do |store|
      refuse("#{definitions.path}: a task has no id") if definitions.tasks.any? { |task| task["id"].to_s.empty? }
      store.seed(definitions.by_id.values, actor: actor)
    end
  end

  def actor
    option("actor") || [ENV["ACTOR"], ENV["USER"]].find { |name| !name.to_s.empty? } || "unknown"
  end

  # An empty value is what make passes on for a variable that nobody set.
  def option(name)
    value = options[name]
    value.to_s.empty? ? nil : value
  end

  def needed(name)
    option(name) || usage("--#{name} is required")
  end

  def number(name)
    given = option(name)
    given && (Integer(given, exception: false) || usage("--#{name} is no number: #{given}"))
  end

  def role(name = "role")
    given = option(name)
    usage("unknown role #{given}, known: #{ROLES.join(' ')}") if given && !ROLES.include?(given)
    given
  end

  def needed_role(name = "role")
    role(name) || usage("--#{name} is required")
  end

  def task
    definitions.by_id[needed("task-id")] || refuse("unknown task #{needed('task-id')}")
  end

  def forced?
    usage("--force needs --reason") if options["force"] && !option("reason")
    options["force"]
  end

  def open_dependencies(task, states = store.states)
    Array(task["depends_on"]).reject do |id|
      status = states.dig(id, "status") || definitions.archived.dig(id, "status")
      status == "done"
    end
  end

  def show(data, lines)
    Output.show(options, data, lines)
  end
end

# Reading and moving tasks.
module TaskCommands
  def validate
    problems = definitions.problems(File.exist?(Store.path) ? Store.new.states.keys : [])
    if problems.empty?
      puts "OK #{definitions.path}: #{definitions.tasks.size} tasks"
    else
      problems.each { |problem| warn "ERROR: #{problem}" }
      refuse("#{definitions.path}: #{problems.size} problem(s)")
    end
  end

  def sync
    opened = store # which seeds what is new
    taken = options["overwrite-state"] ? opened.overwrite(definitions.by_id.values, actor: actor) : 0
    puts "synced #{definitions.tasks.size} tasks, state of #{taken} replaced"
  end

  def ready
    found = ready_tasks
    lines = found.map { |task| "#{task['role']}\t#{task['id']}\tP#{priority(task)}\t#{task['title']}" }
    listed = found.map { |task| { "id" => task["id"], "role" => task["role"], "priority" => priority(task) } }
    show({ "ready" => listed }, lines.empty? ? ["nothing is ready"] : lines)
  end

  def waiting
    states = store.states
    todo = definitions.tasks.select { |task| states[task["id"]]["status"] == "todo" }
    found = todo.to_h { |task| [task["id"], open_dependencies(task, states)] }.reject { |_id, open| open.empty? }
    show({ "waiting" => found }, found.map { |id, open| "#{id} waits for #{open.join(', ')}" })
  end

  def claim
    lane = needed_role
    owner = needed("owner")
    wanted = task
    refuse("task #{wanted['id']} belongs to #{wanted['role']}, not to #{lane}") unless wanted["role"] == lane
    store.write { claim_in_transaction(wanted, owner) }
  end

  def set_status
    wanted = task
    status = needed("status")
    usage("unknown status #{status}, known: #{STATES.join(' ')}") unless STATES.include?(status)
    commit = commit_of_move(wanted, status)
    store.write { move_in_transaction(wanted, status, commit) }
    puts "#{wanted['id']} is #{status}"
  end

  def prune_stale
    keep = definitions.by_id.keys + definitions.archived.keys
    counts = {}
    store.write do
      gone = store.states.keys - keep
      TASK_TABLES.each do |table|
        counts[table] = gone.sum do |id|
          store.rows("DELETE FROM #{table} WHERE task_id = ?", id)
          store.changes
        end
      end
    end
    puts counts.map { |table, count| "#{table}: #{count} stale row(s) removed" }
  end

  private

  def priority(task)
    task["priority"] || NO_PRIORITY
  end

  def ready_tasks(lane = role)
    states = store.states
    found = definitions.tasks.select do |task|
      (lane.nil? || task["role"] == lane) && states[task["id"]]["status"] == "todo" &&
        open_dependencies(task, states).empty?
    end
    found = found.sort_by { |task| [ROLES.index(task["role"]) || ROLES.size, priority(task), task["id"]] }
    number("limit") ? found.first(number("limit")) : found
  end

  def claim_in_transaction(wanted, owner)
    state = store.state(wanted["id"])
    if state["status"] == "in_progress"
      refuse("task #{wanted['id']} already claimed by #{state['owner']}") unless state["owner"] == owner
      return puts "task #{wanted['id']} is already yours"
    end
    refuse("task #{wanted['id']} is done") if state["status"] == "done"
    open = forced? ? [] : open_dependencies(wanted)
    refuse("task #{wanted['id']} is not ready, open dependencies: #{open.join(' ')}") unless open.empty?
    branch = option("branch") || "agent/#{wanted['role']}"
    store.move(state, { "status" => "in_progress", "owner" => owner, "branch" => branch,
                        "claimed_at" => Clock.text, "completed_at" => nil },
               source: "claim", actor: actor, reason: option("reason"))
    puts "claimed #{wanted['id']} for #{owner} on #{branch}"
  end

  # A finished task names its commit: the one given, the one recorded, else the tip of the integration branch.
  def commit_of_move(wanted, status)
    given = option("commit")
    return given if given && Git.known_commit(given)
    return unless status == "done" && store.state(wanted["id"])["commit_sha"].empty?

    Git.commit(MAIN_BRANCH)
  end

  def move_in_transaction(wanted, status, commit)
    state = store.state(wanted["id"])
    reason = %w[blocked-reason reason note].map { |name| option(name) }.compact.first
    check_move(wanted, state, status, reason)
    values = { "status" => status, "completed_at" => status == "done" ? Clock.text : nil }
    values.update("owner" => "", "branch" => "", "claimed_at" => nil) if status == "todo" && state["status"] != "todo"
    values["claimed_at"] = Clock.text if status == "in_progress" && state["status"] != "in_progress"
    given = { "owner" => option("owner"), "branch" => option("branch"), "commit_sha" => commit }.compact
    store.move(state, values.merge(given), source: "set-status", actor: actor, reason: reason)
  end

  def check_move(wanted, state, status, reason)
    id = wanted["id"]
    if state["status"] == "done" && status != "done" && !forced?
      refuse("task #{id} is done, and done is final")
    end
    if status == "blocked" && state["status"] != "blocked" && reason.to_s.strip.empty?
      refuse("blocking task #{id} needs --blocked-reason")
    end
    return if forced?

    if status == "in_progress" && state["status"] != "in_progress"
      open = open_dependencies(wanted)
      refuse("task #{id} is not ready, open dependencies: #{open.join(' ')}") unless open.empty?
    end
    return unless status == "done" && state["status"] != "done"

    passed = store.row("SELECT 1 FROM task_evidence WHERE task_id = ? AND result = 'pass'", id)
    refuse("task #{id} has no passing evidence") unless passed
  end
end

# Evidence, handoffs and reviews.
module RecordCommands
  def record_evidence
    wanted = task
    command = needed("command-text")
    result = RESULTS[needed("result").strip.downcase] || usage("--result is one of #{RESULTS.values.uniq.join(' ')}")
    artifact = option("artifact-path")
    missing = artifact && !artifact.match?(%r{\Ahttps?://}i) && !File.exist?(artifact)
    refuse("no such artifact: #{artifact}") if missing
    id = record("task_evidence", wanted, "command_text" => command, "result" => result, "artifact_path" => artifact,
                                         "artifact_type" => option("artifact-type"),
                                         "handoff_id" => number("handoff-id"), "notes" => option("notes"),
                                         "duration_seconds" => number("duration-seconds"))
    puts "evidence #{id} recorded for #{wanted['id']}: #{result}"
  end

  def record_handoff
    wanted = task
    values = %w[owner branch commit commands results changed-files].to_h { |name| [name.tr("-", "_"), needed(name)] }
    values["commit_sha"] = Git.known_commit(values.delete("commit"))
    values["payload"] = option("notes")
    %w[risks blockers next-step].each { |name| values[name.tr("-", "_")] = option(name) }
    values["to_role"] = role("to-role")
    puts "handoff #{record('task_handoffs', wanted, values)} recorded for #{wanted['id']}"
  end

  def route_review
    wanted = task
    commit = Git.known_commit(needed("ref"))
    base = Git.base(option("base"))
    required = Routing.required(Git.changed_paths(base, commit), wanted["role"])
    lanes = Routing.lanes(required)
    store.write { ask_for_reviews(wanted["id"], lanes, commit) }
    lines = ["task: #{wanted['id']}", "ref: #{commit}", "base: #{base}",
             "reviewers: #{lanes.empty? ? 'none' : lanes.join(' ')}"]
    lines += required.map { |lane, layer, paths| "  #{lane} #{layer}: #{paths.join(' ')}" }
    show({ "task_id" => wanted["id"], "ref" => commit, "base" => base, "reviewers" => lanes }, lines)
  end

  def record_review
    wanted = task
    lane = needed_role("reviewer-role")
    verdict = VERDICTS[needed("status").strip.downcase.tr("-", "_")] || usage("unknown verdict #{needed('status')}")
    reviewer = option("reviewer") || actor
    commit = Git.known_commit(needed("commit"))
    refuse_self_review(wanted, lane, reviewer)
    store.write do
      open = store.state(wanted["id"])["review_roles"].split(",")
      record("task_reviews", wanted, "reviewer_role" => lane, "reviewer" => reviewer, "verdict" => verdict,
                                     "reviewed_commit_sha" => commit, "notes" => option("note"),
                                     "route_reason" => open.include?(lane) ? "routed" : nil)
      open.delete(lane) if verdict == "approved"
      settle(wanted["id"], "reviewer" => reviewer, "reviewed_at" => Clock.text, "review_note" => option("note"),
                           "review_roles" => open.join(","))
    end
    puts "review of #{wanted['id']} by #{lane} (#{reviewer}): #{verdict}"
  end

  def merge_ready
    wanted = task
    commit = Git.known_commit(needed("ref"))
    checks = merge_checks(wanted, commit, Git.commit(Git.base(option("base"))) || refuse("no base to merge into"))
    open = checks.reject { |_name, ok, _text| ok }
    data = { "task_id" => wanted["id"], "ref" => commit, "ok" => open.empty?, "issues" => open.map(&:last) }
    lines = checks.map { |name, ok, text| "#{ok ? 'ok  ' : 'FAIL'} #{name}: #{text}" }
    show(data, ["merge-ready: #{open.empty? ? 'yes' : 'no'}", *lines])
    refuse("task #{wanted['id']} is not ready to merge: #{open.map(&:first).join(' ')}") unless open.empty?
  end

  private

  def record(table, wanted, values)
    store.insert(table, { "task_id" => wanted["id"] }.merge(values).merge("created_at" => Clock.text))
  end

  def verdicts(task_id)
    store.rows("SELECT * FROM task_reviews WHERE task_id = ? ORDER BY id", task_id)
         .to_h { |review| [review["reviewer_role"], review] }
  end

  def ask_for_reviews(task_id, lanes, commit)
    latest = verdicts(task_id)
    open = lanes.reject do |lane|
      latest[lane] && latest[lane]["verdict"] == "approved" && latest[lane]["reviewed_commit_sha"] == commit
    end
    settle(task_id, "review_required" => lanes.empty? ? 0 : 1, "review_roles" => open.join(","))
  end

  # An objection wins; else the reviews that were asked for decide.
  def settle(task_id, values)
    state = store.state(task_id).merge(values)
    words = verdicts(task_id).values.map { |review| review["verdict"] }
    nothing = words.empty? && state["review_required"].to_i.zero? ? "not_required" : "approved"
    status = (%w[blocked changes_requested] & words).first || (state["review_roles"].empty? ? nothing : "pending")
    store.update("task_state", "task_id", task_id, values.merge("review_status" => status, "updated_at" => Clock.text))
  end

  def refuse_self_review(wanted, lane, reviewer)
    refuse("#{lane} cannot review its own task #{wanted['id']}") if lane == wanted["role"]
    held = store.rows("SELECT owner FROM task_state_history " \
                      "WHERE task_id = ? AND to_status = 'in_progress'", wanted["id"])
    names = held.map { |entry| entry["owner"] } + [store.state(wanted["id"])["owner"], wanted["role"]]
    mine = names.reject { |name| name.to_s.empty? }.any? { |name| name.casecmp?(reviewer.strip) }
    refuse("#{reviewer} has worked on #{wanted['id']} and cannot review it") if mine
  end

  def merge_checks(wanted, commit, base)
    state = store.state(wanted["id"])
    passed = store.row("SELECT id FROM task_evidence WHERE task_id = ? AND result = 'pass' ORDER BY id DESC",
                       wanted["id"])
    [["status", !%w[todo blocked].include?(state["status"]), state["status"]],
     ["evidence", !passed.nil?, passed ? "evidence #{passed['id']} passed" : "no passing evidence"],
     *review_checks(wanted, commit, base),
     branch_check(wanted, state, commit, base),
     base_check(commit, base),
     worktree_check(wanted)]
  end

  def review_checks(wanted, commit, base)
    latest = verdicts(wanted["id"])
    required = Routing.lanes(Routing.required(Git.changed_paths(base, commit), wanted["role"]))
    needed = required.map { |lane| [lane, latest[lane]] }
    objecting = latest.reject { |lane, review| required.include?(lane) || review["verdict"] == "approved" }
    objecting = objecting.select { |_lane, review| review["reviewed_commit_sha"] == commit }.to_a
    (needed + objecting).map do |lane, review|
      ok = review && review["verdict"] == "approved" && review["reviewed_commit_sha"] == commit
      text = review ? "#{review['verdict']} on #{review['reviewed_commit_sha'][0, 8]}" : "has not reviewed"
      ["review #{lane}", ok ? true : false, text]
    end
  end

  def branch_check(wanted, state, commit, base)
    names = [state["branch"], "agent/#{wanted['role']}"].reject(&:empty?).uniq
    holds = names.find { |name| Git.commit(name) && Git.ancestor?(commit, name) }
    ["branch", !holds.nil? || Git.ancestor?(commit, base), holds || "not on #{names.join(' or ')}"]
  end

  def base_check(commit, base)
    lacking = Git.ancestor?(commit, base) ? 0 : Git.behind(base, commit)
    ["base", lacking.zero?, lacking.zero? ? "up to date" : "lacks #{lacking} commit(s) of the base"]
  end

  def worktree_check(wanted)
    place = worktree(wanted["role"])
    dirty = File.directory?(place) ? Git.dirty_files(place) : []
    ["worktree", dirty.empty?, dirty.empty? ? "clean" : "uncommitted: #{dirty.join(' ')}"]
  end

  def worktree(lane)
    root = ENV["WORKTREE_ROOT"].to_s
    File.join(root.empty? ? File.dirname(Git.coordinator) : root, "gpuas-#{lane}")
  end
end

# Looking at the queue as a whole.
module ReportCommands
  def task_detail
    wanted = task
    state = store.state(wanted["id"])
    related = TASK_TABLES.drop(1).to_h do |table|
      [table, store.rows("SELECT * FROM #{table} WHERE task_id = ? ORDER BY id", wanted["id"])]
    end
    lines = ["#{wanted['id']}: #{wanted['title']}", "role: #{wanted['role']}"]
    lines += state.reject { |name, value| name == "task_id" || value.to_s.empty? }
                  .map { |name, value| "#{name}: #{value}" }
    lines << "open dependencies: #{open_dependencies(wanted).join(' ')}" if wanted["depends_on"]
    related.each { |table, rows| lines += ["#{table}: #{rows.size}", *rows.map { |row| "  #{one_line(row)}" }] }
    show({ "task" => wanted, "state" => state }.merge(related), lines)
  end

  def status_report
    states = store.states
    counts = ROLES.to_h do |lane|
      mine = definitions.tasks.select { |task| task["role"] == lane }.map { |task| states[task["id"]]["status"] }
      [lane, STATES.to_h { |status| [status, mine.count(status)] }]
    end
    counts = counts.slice(role) if role
    table = [["role", *STATES], *counts.map { |lane, by_status| [lane, *by_status.values] }]
    show({ "total" => definitions.tasks.size, "by_role" => counts }, Output.table(table))
  end

  def timing_report
    rows = store.rows("SELECT task_id, sum(duration_seconds) AS seconds FROM task_evidence " \
                      "WHERE duration_seconds IS NOT NULL GROUP BY task_id ORDER BY task_id")
    rows = rows.select { |row| definitions.by_id.dig(row["task_id"], "role") == role } if role
    total = rows.sum { |row| row["seconds"] }
    show({ "total_seconds" => total, "by_task" => rows },
         ["total: #{total} s", *rows.map { |row| "#{row['task_id']}: #{row['seconds']} s" }])
  end

  def health_report
    states = store.states.values
    busy = states.select { |state| state["status"] == "in_progress" }
    data = {
      "in_progress" => busy.size,
      "stale_in_progress" => busy.count { |state| Clock.age(state["updated_at"]) > 86_400 },
      "blocked_over_24h" => states.count { |s| s["status"] == "blocked" && Clock.age(s["updated_at"]) > 86_400 },
      "unacknowledged_handoffs" => store.row("SELECT count(*) AS n FROM task_handoffs " \
                                             "WHERE acknowledged_at IS NULL")["n"],
      "pending_reviews" => states.count { |state| state["review_status"] == "pending" }
    }
    show(data, data.map { |name, value| "#{name}: #{value}" })
  end

  def snapshot
    tables = (TASK_TABLES + %w[agent_sessions track_checkpoints]).to_h do |table|
      [table, store.rows("SELECT * FROM #{table} ORDER BY 1")]
    end
    data = { "taken_at" => Clock.text, "tasks" => definitions.tasks }.merge(tables)
    text = option("format") == "yaml" ? YAML.dump(data) : JSON.pretty_generate(data)
    target = option("output")
    target ? File.write(target, "#{text}\n") : puts(text)
  end

  # What each lane should do next; nothing is changed.
  def recommend
    ready = ready_tasks
    ROLES.each do |lane|
      busy = definitions.tasks.select { |task| task["role"] == lane && store.state(task["id"])["status"] == "in_progress" }
      first = ready.find { |task| task["role"] == lane }
      puts busy.map { |task| "#{lane}: continue #{task['id']}" } if busy.any?
      puts "#{lane}: claim #{first['id']}" if busy.empty? && first
      puts "#{lane}: nothing to do" if busy.empty? && !first
    end
  end

  def git_check
    findings = ROLES.flat_map { |lane| lane_findings(lane) } + definitions.tasks.flat_map { |task| task_findings(task) }
    findings.unshift([:error, "git knows no #{MAIN_BRANCH}"]) unless Git.commit(MAIN_BRANCH)
    findings.each { |level, text| puts "#{level}: #{text}" }
    errors = findings.count { |level, _text| level == :error }
    refuse("queue and git disagree: #{errors} error(s)") if errors.positive?
    puts "OK queue and git agree"
  end

  private

  def one_line(row)
    row.reject { |name, value| %w[id task_id].include?(name) || value.to_s.empty? }
       .map { |name, value| "#{name}=#{value.to_s.gsub(/\s+/, ' ')}" }.join(" ")
  end

  def lane_findings(lane)
    branch = "agent/#{lane}"
    place = worktree(lane)
    return [[:warning, "lane #{lane} has no worktree #{place}"]] unless File.directory?(place)

    found = []
    actual = Git.branch_of(place)
    found << [:error, "#{place} is on #{actual.empty? ? 'no branch' : actual}, expected #{branch}"] if actual != branch
    found << [:warning, "#{place} has uncommitted changes"] unless Git.dirty_files(place).empty?
    behind = Git.commit(branch) ? Git.behind(Git.base, branch) : 0
    found << [:warning, "#{branch} is #{behind} commit(s) behind #{Git.base}"] if behind.positive?
    found
  end

  def task_findings(task)
    state = store.state(task["id"])
    case state["status"]
    when "in_progress" then claim_findings(task, state["branch"])
    when "done" then done_findings(task, state["commit_sha"])
    else []
    end
  end

  def claim_findings(task, branch)
    return [[:error, "#{task['id']} is in progress without a branch"]] if branch.empty?
    return [[:error, "#{task['id']} is in progress on #{branch}"]] if branch != "agent/#{task['role']}"

    Git.commit(branch) ? [] : [[:error, "#{task['id']}: no branch #{branch}"]]
  end

  def done_findings(task, commit)
    return [[:note, "#{task['id']} is done without a commit"]] if commit.empty?
    return [[:error, "#{task['id']} is done with unknown commit #{commit}"]] unless Git.commit(commit)
    return [] if Git.ancestor?(commit, Git.base)

    [[:error, "#{task['id']} is done with #{commit}, which is not on #{Git.base}"]]
  end
end

# Who is at work, and where the tracks stand.
module SessionCommands
  SESSION_COLUMNS = { "lane" => "lane", "worktree-path" => "worktree_path", "branch" => "branch",
                      "backend" => "session_backend", "provider" => "provider", "session-name" => "session_name",
                      "task-id" => "task_id", "pid" => "pid", "tmux-pane" => "tmux_pane",
                      "transcript-path" => "transcript_path", "status" => "status" }.freeze

  def session_upsert
    id = needed("session-id")
    lane = needed_role
    given = SESSION_COLUMNS.map { |name, column| [column, name == "pid" ? number(name) : option(name)] }.to_h.compact
    usage("unknown session status #{given['status']}") unless SESSION_STATES.include?(given["status"] || "running")
    given.update("role" => lane, "last_heartbeat_at" => Clock.text)
    store.write do
      if store.row("SELECT 1 FROM agent_sessions WHERE id = ?", id)
        store.update("agent_sessions", "id", id, given)
      else
        store.insert("agent_sessions", { "status" => "running" }.merge(given, "id" => id, "started_at" => Clock.text))
      end
    end
    puts "session #{id} recorded"
  end

  def session_status
    rows = store.rows("SELECT * FROM agent_sessions ORDER BY id")
    rows = rows.select { |row| row["role"] == role } if role
    lines = rows.map { |row| row.values_at("id", "role", "status", "task_id", "last_heartbeat_at").compact.join("  ") }
    show({ "sessions" => rows }, lines.empty? ? ["no sessions"] : lines)
  end

  def session_end
    id = needed("session-id")
    status = option("status") || (number("exit-code").to_i.zero? ? "ended" : "failed")
    usage("unknown session status #{status}") unless SESSION_STATES.include?(status)
    store.update("agent_sessions", "id", id,
                 "status" => status, "ended_at" => Clock.text, "exit_code" => number("exit-code"),
                 "end_reason" => option("reason"))
    refuse("unknown session #{id}") if store.changes.zero?
    puts "session #{id} #{status}"
  end

  def session_reconcile
    live = store.rows("SELECT * FROM agent_sessions WHERE status IN ('starting', 'running') ORDER BY id")
    stale = live.select { |row| Clock.age(row["last_heartbeat_at"]) > SESSION_STALE_SECONDS }
    stale.each do |row|
      store.update("agent_sessions", "id", row["id"], "status" => "stale") unless options["dry-run"]
      puts "session #{row['id']} is stale since #{row['last_heartbeat_at']}"
    end
    puts "#{stale.size} stale session(s)"
  end

  def checkpoint
    state = needed("state")
    usage("unknown track state #{state}, known: #{TRACK_STATES.join(' ')}") unless TRACK_STATES.include?(state)
    values = %w[owner summary artifact-path target-close-by].to_h { |name| [name.tr("-", "_"), option(name)] }
    store.insert("track_checkpoints",
                 { "track_id" => needed("track-id"), "state" => state, "created_at" => Clock.text }.merge(values))
    puts "checkpoint of #{needed('track-id')}: #{state}"
  end

  def checkpoints
    rows = store.rows("SELECT * FROM track_checkpoints WHERE id IN " \
                      "(SELECT max(id) FROM track_checkpoints GROUP BY track_id) ORDER BY track_id")
    rows = rows.select { |row| row["track_id"] == option("track-id") } if option("track-id")
    rows = rows.select { |row| stale_track?(row) } if options["stale"]
    lines = rows.map { |row| row.values_at("track_id", "state", "owner", "created_at", "summary").compact.join("  ") }
    show({ "checkpoints" => rows }, lines.empty? ? ["no checkpoints"] : lines)
  end

  private

  def stale_track?(row)
    row["state"] == "active" && Clock.age(row["created_at"]) > CHECKPOINT_STALE_SECONDS
  end
end

# The commands with their options; a name that ends in "!" takes no value.
COMMANDS = {
  "validate" => [],
  "sync" => %w[overwrite-state!],
  "ready" => %w[role limit format json!],
  "waiting" => %w[format json!],
  "recommend" => [],
  "claim" => %w[role owner task-id branch reason force!],
  "set-status" => %w[task-id status owner branch commit blocked-reason reason note force!],
  "record-evidence" => %w[task-id command-text result artifact-path artifact-type duration-seconds notes handoff-id],
  "record-handoff" => %w[task-id owner branch commit commands results changed-files risks blockers next-step to-role
                         notes],
  "route-review" => %w[task-id ref base format json!],
  "record-review" => %w[task-id reviewer-role reviewer status commit note],
  "merge-ready" => %w[task-id ref base format json!],
  "prune-stale" => [],
  "git-check" => [],
  "task-detail" => %w[task-id format json!],
  "status-report" => %w[role format json!],
  "timing-report" => %w[role format json!],
  "health-report" => %w[format json!],
  "snapshot" => %w[output format],
  "session-upsert" => ["session-id", "role", *SessionCommands::SESSION_COLUMNS.keys],
  "session-status" => %w[role format json!],
  "session-end" => %w[session-id status exit-code reason],
  "session-reconcile" => %w[dry-run!],
  "checkpoint" => %w[track-id state summary owner target-close-by artifact-path],
  "checkpoints" => %w[track-id stale! format json!]
}.freeze

class Desk
  include TaskCommands
  include RecordCommands
  include ReportCommands
  include SessionCommands
end

# Reads the command line and runs the command.
class CommandLine
  def initialize(words)
    @words = words.map { |word| word.dup.force_encoding(Encoding::UTF_8) }
    @queue_file = ENV["QUEUE_FILE"].to_s.empty? ? nil : ENV["QUEUE_FILE"]
  end

  def run
    take_queue_file while @words.first.to_s.start_with?("--queue-file")
    command = @words.shift
    usage("no command, known: #{COMMANDS.keys.join(' ')}") if command.nil?
    usage("unknown command #{command}, known: #{COMMANDS.keys.join(' ')}") unless COMMANDS.key?(command)
    options = options_of(command)
    path = @queue_file || File.join(Git.coordinator, "doc/governance/Agent_Work_Queue.yaml")
    Desk.new(Definitions.new(path), options).public_send(command.tr("-", "_"))
    0
  rescue Refusal => e
    warn "ERROR: #{e.message}"
    e.code
  rescue SQLite3::Exception => e
    warn "ERROR: database: #{e.message}"
    1
  end

  private

  def take_queue_file
    word = @words.shift
    @queue_file = word.include?("=") ? word.split("=", 2).last : @words.shift
    usage("--queue-file needs a path") if @queue_file.to_s.empty?
  end

  def options_of(command)
    options = {}
    until @words.empty?
      name, value = @words.shift.split("=", 2)
      usage("unexpected word #{name.inspect}") unless name.to_s.start_with?("--")
      name = name.delete_prefix("--").tr("_", "-")
      options[name] = allowed(command, name) ? true : (value || @words.shift || usage("--#{name} needs a value"))
    end
    @queue_file = options.delete("queue-file") if options.key?("queue-file")
    options
  end

  # Whether the option stands alone; refuses one that the command does not have.
  def allowed(command, name)
    known = COMMANDS.fetch(command) + %w[actor queue-file]
    return true if known.include?("#{name}!")

    usage("unknown option --#{name} for #{command}") unless known.include?(name)
    false
  end
end

exit CommandLine.new(ARGV).run if $PROGRAM_NAME == __FILE__
