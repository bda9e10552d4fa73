#!/usr/bin/env ruby
# frozen_string_literal: true

# The queue's store: ruby scripts/ops/agent_queue_store.rb [--queue-file PATH] VERB [--flag VALUE ...]
# Exit codes: 0 done, 1 checks failed, 3 refused, 64 usage, 66 no such task.
require "json"
require "optparse"
require "sqlite3"
require "time"
require "yaml"
require_relative "agent_queue_tables"
require_relative "agent_queue_reports"

STATES = %w[todo in_progress blocked done].freeze
LANES = %w[A-backend B-ui C-ops D-arch E-governance].freeze
BOTH = %r{\A(doc/api/(openapi|asyncapi)\.draft\.yaml|doc/architecture/|doc/governance/|scripts/ci/)}.freeze
OWNERS = [[%r{\A\.github/}, "C-ops"], [%r{\Adoc/api/}, "D-arch"], [%r{\Acmd/}, "E-governance"],
          [%r{\Ascripts/ops/}, "C-ops"], [%r{\A(packages/web|app)/}, "B-ui"]].freeze

def stop(code, word, text)
  warn "agent_queue: #{word}: #{text}"
  exit code
end

# One call: its flags, the definitions, the database.
class Queue
  include Reports

  def initialize(flags, file)
    @flags = flags
    @common = `git rev-parse --git-common-dir`.strip
    stop(64, "usage", "not inside a git repository") if @common.empty?
    @main = File.dirname(File.expand_path(@common))
    @file = file || File.join(@main, "doc/governance/Agent_Work_Queue.yaml")
    @db = Tables.open(File.join(File.expand_path(@common), "agent_queue", "agent_queue.db"))
  end

  def tasks
    @tasks ||= YAML.safe_load(File.read(@file), permitted_classes: [Date, Time]).fetch("tasks")
  end

  def call(verb)
    @db.transaction(:immediate) { seed } unless verb == "validate"
    stop(64, "usage", "no verb #{verb}") unless VERBS.include?(verb)
    code = nil
    @db.transaction(:immediate) { code = send(verb.tr("-", "_")) }
    exit(code.is_a?(Integer) ? code : 0)
  end

  # State in the file seeds a task once.
  def seed
    have = @db.execute("SELECT key FROM work_items UNION SELECT key FROM shelf").map { |r| r["key"] }
    tasks.reject { |t| have.include?(t["id"]) }.each do |t|
      @db.execute("INSERT INTO work_items VALUES (?,?,?,?,?,?,?,?)",
                  [t["id"], STATES.index(t["status"]) || 0, t["owner"].to_s, t["branch"].to_s,
                   t["commit"].to_s, t["completed_at"].to_s, nil, Tables.now])
    end
  end

  def flag(name, required: true)
    value = @flags[name]
    stop(64, "usage", "--#{name} is missing") if required && value.to_s.empty?
    value.to_s
  end

  def item
    key = flag("task")
    row = @db.get_first_row("SELECT * FROM work_items WHERE key = ?", [key])
    return row if row

    shelved = @db.get_first_value("SELECT 1 FROM shelf WHERE key = ?", [key])
    stop(3, "shelved", "#{key} is on the shelf") if shelved
    stop(66, "unknown", "no task #{key}")
  end

  def definition(key)
    tasks.find { |t| t["id"] == key } || stop(66, "unknown", "no task #{key} in the queue file")
  end

  def move(row, to, who, why)
    told = "#{STATES[row["state"]]} -> #{STATES[to]}"
    @db.execute("INSERT INTO item_log (item, was, became, told, who, why, stamp) VALUES (?,?,?,?,?,?,?)",
                [row["key"], row["state"], to, told, who, why, Tables.now])
  end

  def open_dependencies(task)
    (task["depends_on"] || []).reject do |other|
      @db.get_first_value("SELECT 1 FROM work_items WHERE key = ? AND state = 3
                           UNION SELECT 1 FROM shelf WHERE key = ?", [other, other])
    end
  end

  def claim
    row = item
    task = definition(row["key"])
    stop(3, "wrong_lane", "#{row["key"]} belongs to #{task["role"]}") unless task["role"] == flag("lane")
    stop(3, "taken", "#{row["key"]} is held by #{row["held_by"]}") unless [0, 2].include?(row["state"])
    waiting = open_dependencies(task)
    stop(3, "waiting", "#{row["key"]} waits for #{waiting.join(", ")}") unless waiting.empty?
    owner = ENV.fetch("AQ_OWNER", flag("lane"))
    move(row, 1, owner, nil)
    @db.execute("UPDATE work_items SET state = 1, held_by = ?, topic_branch = ?, stuck_because = NULL,
                 touched = ? WHERE key = ?", [owner, flag("on"), Tables.now, row["key"]])
    puts "claimed #{row["key"]} for #{owner}"
  end

  def set_status
    row = item
    to = STATES.index(flag("state")) || stop(64, "usage", "no state #{flag("state")}")
    stop(3, "final", "#{row["key"]} is done") if row["state"] == 3
    why = ENV["AQ_WHY"].to_s
    stop(3, "reason", "a blocked task needs BLOCKED_REASON") if to == 2 && why.empty?
    proof = @db.get_first_value("SELECT 1 FROM proof WHERE item = ? AND verdict = 'pass'", [row["key"]])
    stop(3, "unproven", "#{row["key"]} has no passing evidence") if to == 3 && !proof
    sha = flag("sha", required: to == 3)
    who = flag("as", required: false)
    move(row, to, who, why.empty? ? nil : why)
    @db.execute("UPDATE work_items SET state = ?, held_by = ?, topic_branch = ?, landed_sha = ?, finished = ?,
                 stuck_because = ?, touched = ? WHERE key = ?",
                [to, to.zero? ? "" : who, to.zero? ? "" : flag("on", required: false), sha, to == 3 ? Tables.now : "",
                 to == 2 ? why : nil, Tables.now, row["key"]])
    puts "#{row["key"]} is #{STATES[to]}"
  end

  def evidence
    key = item["key"]
    says = flag("says")
    stop(64, "usage", "no result #{says}") unless %w[pass fail partial skipped blocked].include?(says)
    ran = ENV["AQ_RAN"].to_s
    stop(64, "usage", "COMMAND_TEXT is missing") if ran.empty?
    @db.execute("INSERT INTO proof (item, ran, verdict, file, file_kind, took, remark, stamp) VALUES (?,?,?,?,?,?,?,?)",
                [key, ran, says, ENV["AQ_FILE"], ENV["AQ_FILE_KIND"], ENV["AQ_TOOK"], ENV["AQ_REMARK"], Tables.now])
    puts "proof ##{@db.last_insert_row_id} of #{key}: #{says}"
  end

  def handoff
    key = item["key"]
    body = ENV["AQ_BODY"] == "-" ? JSON.parse($stdin.read) : {}
    lists = { "ran" => /[;\n]/, "came_out" => /[;\n]/, "paths" => /[,\s]+/ }.map do |name, by|
      JSON.generate(body[name] || ENV["AQ_#{name.upcase}"].to_s.split(by).map(&:strip).reject(&:empty?))
    end
    @db.execute("INSERT INTO relay (item, giver, topic_branch, sha, ran, came_out, paths, hazards, next_up, for_lane, stamp)
                 VALUES (?,?,?,?,?,?,?,?,?,?,?)",
                [key, flag("as"), flag("on"), flag("sha"), *lists, JSON.generate(Array(body["hazards"] || ENV["AQ_HAZARDS"])),
                 body["next_up"] || ENV["AQ_NEXT"], body["for_lane"] || ENV["AQ_FOR"], Tables.now])
    puts "relay ##{@db.last_insert_row_id} of #{key}"
  end

  def changed(sha)
    base = ENV["AQ_BASE"].to_s.empty? ? "master" : ENV["AQ_BASE"]
    out = IO.popen(["git", "diff", "--name-only", "#{base}...#{sha}"], err: File::NULL, &:read)
    stop(65, "git", "cannot compare #{base} with #{sha}") unless $?.success?
    out.split("\n")
  end

  def lanes_for(task, paths)
    lanes = paths.any? { |p| BOTH.match?(p) } ? %w[D-arch E-governance] : []
    lanes += paths.map { |p| OWNERS.find { |pattern, _| pattern.match?(p) }&.last }
    lanes.compact.uniq.reject { |lane| lane == task["role"] }.sort
  end

  def route
    key = item["key"]
    sha = flag("sha")
    paths = changed(sha)
    lanes_for(definition(key), paths).each do |lane|
      unless @db.get_first_value("SELECT 1 FROM asks WHERE item = ? AND lane = ? AND sha = ?", [key, lane, sha])
        @db.execute("INSERT INTO asks (item, lane, sha, because, stamp) VALUES (?,?,?,?,?)",
                    [key, lane, sha, "#{paths.size} path(s)", Tables.now])
      end
      puts "#{key}\t#{lane}"
    end
  end

  def review
    key = item["key"]
    says = flag("state")
    stop(64, "usage", "no verdict #{says}") unless %w[approved changes_requested blocked].include?(says)
    stop(64, "usage", "no lane #{flag("as")}") unless LANES.include?(flag("as"))
    note = @flags["note"] == "-" ? $stdin.read : @flags["note"]
    @db.execute("INSERT INTO verdicts (item, lane, reader, says, sha, remark, stamp) VALUES (?,?,?,?,?,?,?)",
                [key, flag("as"), flag("by"), says, flag("sha"), note.to_s.strip, Tables.now])
    number = @db.last_insert_row_id
    @db.execute("UPDATE asks SET answer = ? WHERE item = ? AND lane = ? AND answer IS NULL", [number, key, flag("as")])
    puts "verdict ##{number} of #{key}: #{says}"
  end

  def merge_ready
    row = item
    sha = flag("sha")
    missing = []
    missing << "no relay" unless @db.get_first_value("SELECT 1 FROM relay WHERE item = ?", [row["key"]])
    missing << "no passing proof" unless @db.get_first_value("SELECT 1 FROM proof WHERE item = ? AND verdict = 'pass'", [row["key"]])
    lanes_for(definition(row["key"]), changed(sha)).each do |lane|
      last = @db.get_first_value("SELECT says FROM verdicts WHERE item = ? AND lane = ? AND sha = ? ORDER BY num DESC LIMIT 1",
                                 [row["key"], lane, sha])
      missing << "#{lane}: #{last || "no verdict"}" unless last == "approved"
    end
    puts missing.empty? ? "#{row["key"]} may merge" : "#{row["key"]} may not merge: #{missing.join("; ")}"
    missing.empty? ? 0 : 1
  end

  def prune
    known = tasks.map { |t| t["id"] }
    %w[item_log proof relay asks verdicts].each do |table|
      rows = @db.execute("SELECT num, item FROM #{table}").reject { |r| known.include?(r["item"]) || shelved?(r["item"]) }
      rows.each { |r| @db.execute("DELETE FROM #{table} WHERE num = ?", [r["num"]]) }
      puts "#{table}: #{rows.size}"
    end
    gone = @db.execute("SELECT key FROM work_items").map { |r| r["key"] } - known
    gone.each { |key| @db.execute("DELETE FROM work_items WHERE key = ?", [key]) }
    puts "work_items: #{gone.size}"
  end

  def shelved?(key)
    @db.get_first_value("SELECT 1 FROM shelf WHERE key = ?", [key])
  end

  # Finished tasks on which nobody waits leave the active table.
  def sweep
    wanted = tasks.reject { |t| shelved?(t["id"]) || state_of(t["id"]) == 3 }.flat_map { |t| t["depends_on"] || [] }
    rows = @db.execute("SELECT * FROM work_items WHERE state = 3").reject { |r| wanted.include?(r["key"]) }
    rows.each do |r|
      @db.execute("INSERT INTO shelf VALUES (?,?,?,?,?,?,?)",
                  [r["key"], 3, r["held_by"], r["topic_branch"], r["landed_sha"], r["finished"], Tables.now])
      @db.execute("DELETE FROM work_items WHERE key = ?", [r["key"]])
      puts "shelved #{r["key"]}"
    end
  end

  def state_of(key)
    @db.get_first_value("SELECT state FROM work_items WHERE key = ?", [key])
  end

  def session
    values = %w[session lane tool via task cwd on].map { |name| flag(name, required: %w[session lane].include?(name)) }
    @db.execute("INSERT OR REPLACE INTO seats VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [*values, ENV["AQ_PID"], 0, Tables.now, Tables.now, nil, nil])
    puts "seat #{values[0]} of #{values[1]}"
  end

  def session_end
    code = flag("code", required: false)
    @db.execute("UPDATE seats SET phase = ?, over_at = ?, exit_code = ? WHERE seat = ?",
                [code.to_i.zero? ? 1 : 2, Tables.now, code.to_i, flag("session")])
    puts "seat #{flag("session")} ended"
    @db.changes.zero? ? 66 : 0
  end

  def checkpoint
    @db.execute("INSERT OR REPLACE INTO tracks VALUES (?,?,?,?,?,?)",
                [flag("track"), flag("state"), flag("as"), flag("due", required: false), flag("says"), Tables.now])
    puts "track #{flag("track")} is #{flag("state")}"
  end

  VERBS = %w[validate claim set-status evidence handoff route review merge-ready prune sweep session session-end
             checkpoint ready list detail status tick preflight seats snapshot].freeze
end

flags = {}
file = nil
rest = ARGV.dup
while rest.first&.start_with?("--")
  name = rest.shift
  name == "--queue-file" ? file = rest.shift : stop(64, "usage", "no global flag #{name}")
end
verb = rest.shift || stop(64, "usage", "a verb is missing")
until rest.empty?
  name = rest.shift
  stop(64, "usage", "unexpected #{name}") unless name.start_with?("--")
  flags[name[2..]] = name == "--json" ? "1" : rest.shift
end
Queue.new(flags, file).call(verb)
