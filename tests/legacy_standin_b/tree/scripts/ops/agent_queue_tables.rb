# frozen_string_literal: true

# The tables. Numbers are SQLite's own row numbers: the highest one that is pruned is given again.
module Tables
  DDL = <<~SQL
    CREATE TABLE IF NOT EXISTS work_items (key TEXT PRIMARY KEY, state INTEGER NOT NULL, held_by TEXT, topic_branch TEXT,
      landed_sha TEXT, finished TEXT, stuck_because TEXT, touched TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS item_log (num INTEGER PRIMARY KEY, item TEXT NOT NULL, was INTEGER, became INTEGER NOT NULL,
      told TEXT, who TEXT, why TEXT, stamp TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS proof (num INTEGER PRIMARY KEY, item TEXT NOT NULL REFERENCES work_items(key), ran TEXT NOT NULL,
      verdict TEXT NOT NULL, file TEXT, file_kind TEXT, took INTEGER, remark TEXT, stamp TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS relay (num INTEGER PRIMARY KEY, item TEXT NOT NULL REFERENCES work_items(key), giver TEXT,
      topic_branch TEXT, sha TEXT, ran TEXT, came_out TEXT, paths TEXT, hazards TEXT, next_up TEXT, for_lane TEXT,
      taken_at TEXT, stamp TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS verdicts (num INTEGER PRIMARY KEY, item TEXT NOT NULL REFERENCES work_items(key), lane TEXT NOT NULL,
      reader TEXT, says TEXT NOT NULL, sha TEXT, remark TEXT, stamp TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS asks (num INTEGER PRIMARY KEY, item TEXT NOT NULL REFERENCES work_items(key), lane TEXT NOT NULL,
      sha TEXT, because TEXT, answer INTEGER REFERENCES verdicts(num), stamp TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS seats (seat TEXT PRIMARY KEY, lane TEXT NOT NULL, tool TEXT, via TEXT, item TEXT, cwd TEXT,
      topic_branch TEXT, pid INTEGER, phase INTEGER NOT NULL, -- 0 running, 1 ended, 2 failed
      began TEXT NOT NULL, seen TEXT, over_at TEXT, exit_code INTEGER);
    CREATE TABLE IF NOT EXISTS tracks (track TEXT PRIMARY KEY, state TEXT NOT NULL, keeper TEXT, due TEXT, gist TEXT,
      stamp TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS shelf (key TEXT PRIMARY KEY, state INTEGER NOT NULL, held_by TEXT, topic_branch TEXT,
      landed_sha TEXT, finished TEXT, shelved TEXT NOT NULL);
  SQL

  # Local time with its zone; AQ_CLOCK stops the clock.
  def self.now
    moment = ENV["AQ_CLOCK"].to_s.empty? ? Time.now : Time.parse(ENV["AQ_CLOCK"])
    moment.strftime("%Y-%m-%d %H:%M:%S %z")
  end

  def self.open(path)
    Dir.mkdir(File.dirname(path)) unless Dir.exist?(File.dirname(path))
    db = SQLite3::Database.new(path)
    db.busy_timeout = 10_000
    db.results_as_hash = true
    db.execute_batch(DDL)
    db
  end
end
