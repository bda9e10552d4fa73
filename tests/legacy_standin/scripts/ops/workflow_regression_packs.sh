#!/usr/bin/env bash
# The regression packs: workflow_regression_packs.sh list | show ID | validate [PATH]
set -euo pipefail

catalog="${CATALOG:-$(git rev-parse --show-toplevel)/doc/governance/Workflow_Regression_Packs.yaml}"
action="${1:-list}"
[[ $action != validate || -z ${2:-} ]] || catalog="$2"
if [[ ! -f $catalog ]]; then
  echo "ERROR: no catalogue $catalog" >&2
  exit 1
fi

exec ruby --disable-gems -ryaml -rdate - "$action" "$catalog" "${2:-}" <<'RUBY'
action, path, id = ARGV
read = YAML.safe_load(File.read(path, encoding: "UTF-8"), permitted_classes: [Date], aliases: true)
packs = read.is_a?(Hash) ? Array(read["packs"]) : []

def problems_of(pack)
  texts = %w[id title owner lowest_reliable_layer].select { |name| pack[name].to_s.strip.empty? }
  lists = %w[target_environments required_proof].select { |name| Array(pack[name]).empty? }
  (texts + lists).map { |name| "#{pack['id'] || 'a pack'}: #{name} is missing" }
end

case action
when "list"
  packs.each { |pack| puts [pack["id"], pack["owner"], pack["title"]].join("\t") }
when "show"
  pack = packs.find { |entry| entry["id"] == id } || abort("ERROR: unknown pack #{id}")
  puts YAML.dump(pack)
when "validate"
  problems = packs.flat_map { |pack| problems_of(pack) }
  twice = packs.group_by { |pack| pack["id"] }.select { |_id, same| same.size > 1 }.keys
  problems += twice.map { |name| "#{name}: repeated id" }
  problems << "no packs" if packs.empty?
  problems.each { |problem| warn "ERROR: #{problem}" }
  exit 1 unless problems.empty?
  puts "OK #{path}: #{packs.size} packs"
else
  warn "ERROR: usage: workflow_regression_packs.sh list | show ID | validate [PATH]"
  exit 2
end
RUBY
