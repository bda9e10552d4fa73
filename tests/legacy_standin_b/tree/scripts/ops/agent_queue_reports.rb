# frozen_string_literal: true

# What is only read.
module Reports
  def validate
    wrong = []
    ids = tasks.map { |t| t["id"] }
    tasks.each do |t|
      wrong << "#{t["id"]}: no such role #{t["role"]}" unless LANES.include?(t["role"])
      wrong << "#{t["id"]}: no such status #{t["status"]}" unless t["status"].nil? || STATES.include?(t["status"])
      wrong << "bad id #{t["id"]}" unless t["id"].to_s.match?(/\A[A-Z][A-Z0-9-]*\z/)
      (t["depends_on"] || []).each { |d| wrong << "#{t["id"]}: depends on unknown #{d}" unless ids.include?(d) || shelved?(d) }
    end
    ids.tally.each { |id, n| wrong << "#{id} is there #{n} times" if n > 1 }
    puts wrong.empty? ? "ok: #{ids.size} tasks" : wrong
    wrong.empty? ? 0 : 1
  end

  def free(lane)
    order = tasks.each_with_index.select { |t, _| t["role"] == lane && state_of(t["id"])&.zero? && open_dependencies(t).empty? }
    order.sort_by { |t, i| [t["priority"] || 1000, i] }.map(&:first)
  end

  def ready
    lanes = @flags["lane"].to_s.empty? ? LANES : [@flags["lane"]]
    rows = lanes.flat_map { |lane| free(lane) }
    if @flags["json"]
      puts JSON.generate(rows.map { |t| t.slice("id", "role", "priority", "title") })
    else
      rows.each { |t| puts [t["role"], t["priority"], t["id"], t["title"]].join(" | ") }
    end
  end

  def list
    tasks.each do |t|
      state = shelved?(t["id"]) ? "shelved" : STATES[state_of(t["id"])]
      puts "#{t["id"].ljust(28)} #{t["role"].ljust(14)} #{state}"
    end
  end

  def detail
    row = item
    puts "#{row["key"]}: #{STATES[row["state"]]} #{row["held_by"]} #{row["topic_branch"]}".rstrip
    puts "because: #{row["stuck_because"]}" if row["stuck_because"]
    { "proof" => %w[ran verdict], "relay" => %w[giver sha], "verdicts" => %w[lane says], "asks" => %w[lane answer] }.each do |table, names|
      @db.execute("SELECT * FROM #{table} WHERE item = ? ORDER BY num", [row["key"]]).each do |r|
        puts "#{table} ##{r["num"]} #{names.map { |n| r[n] }.join(" ")} #{r["stamp"]}"
      end
    end
  end

  def status
    LANES.each do |lane|
      counts = tasks.select { |t| t["role"] == lane }.group_by { |t| state_of(t["id"]) || 3 }.transform_values(&:size)
      puts "#{lane.ljust(14)} #{STATES.each_with_index.map { |s, i| "#{s}=#{counts[i] || 0}" }.join(" ")}"
    end
    tasks.each do |t|
      waiting = open_dependencies(t)
      puts "waits: #{t["id"]} for #{waiting.join(" ")}" if state_of(t["id"])&.zero? && waiting.any?
    end
    0
  end

  def tick
    status
    LANES.each do |lane|
      held = tasks.find { |t| t["role"] == lane && state_of(t["id"]) == 1 }
      first = free(lane).first
      puts "next #{lane}: #{held ? "continue #{held["id"]}" : first ? "claim #{first["id"]}" : "nothing"}"
    end
    0
  end

  def preflight
    wrong = @db.execute("SELECT item, lane FROM asks WHERE answer IS NULL").map { |r| "unanswered: #{r["item"]} #{r["lane"]}" }
    wrong += @db.execute("SELECT seat FROM seats WHERE phase = 0 AND seen < ?", [stale]).map { |r| "stale seat: #{r["seat"]}" }
    puts wrong.empty? ? "preflight ok" : wrong
    wrong.empty? ? 0 : 1
  end

  def stale
    (Time.parse(Tables.now) - 12 * 3600).strftime("%Y-%m-%d %H:%M:%S %z")
  end

  def seats
    @db.execute("SELECT * FROM seats ORDER BY began, seat").each do |r|
      puts "#{r["seat"]} #{r["lane"]} #{r["item"]} #{%w[running ended failed][r["phase"]]}"
    end
    0
  end

  def snapshot
    names = %w[work_items shelf item_log proof relay asks verdicts seats tracks]
    puts JSON.pretty_generate(names.to_h { |n| [n, @db.execute("SELECT * FROM #{n}").map { |r| r.reject { |k, _| k.is_a?(Integer) } }] })
  end
end
