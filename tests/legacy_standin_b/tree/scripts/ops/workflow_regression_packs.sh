#!/usr/bin/env bash
# workflow_regression_packs.sh list | show ID | validate [PATH]
set -euo pipefail
root=$(git rev-parse --show-toplevel)
exec ruby -ryaml -rdate -e '
  packs = YAML.safe_load(File.read(ARGV[1] == "validate" && ARGV[2] || ARGV[0]), permitted_classes: [Date])["packs"]
  case ARGV[1]
  when "list" then packs.each { |p| puts "#{p["id"]}\t#{p["owner"]}\t#{p["title"]}" }
  when "show" then (p = packs.find { |x| x["id"] == ARGV[2] }) ? puts(p.to_yaml) : exit(66)
  when "validate"
    bad = packs.reject { |p| p["id"] && p["title"] && p["owner"] }
    puts bad.empty? ? "ok: #{packs.size} packs" : "incomplete: #{bad.map { |p| p["id"] }.join(" ")}"
    exit(bad.empty? ? 0 : 1)
  else exit 64
  end' "$root/doc/governance/Workflow_Regression_Packs.yaml" "$@"
