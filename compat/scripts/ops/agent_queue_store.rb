#!/usr/bin/env ruby
# frozen_string_literal: true

# fairway-scripts shim: hands the call over to the suite, or with FAIRWAY_LEGACY=1 to the script that was here before.
# exec keeps the process, so the exit status and signals are those of what answers.
name = File.basename(__FILE__)
here = File.dirname(File.absolute_path(__FILE__))

unless ['', '0'].include?(ENV.fetch('FAIRWAY_LEGACY', ''))
  original = ["#{here}/legacy/#{name}", "#{here}-legacy/#{name}"].find { |path| File.file?(path) }
  exec(RbConfig.ruby, original, *ARGV) if original
  warn "error: missing_dependency: FAIRWAY_LEGACY is set, but there is no #{here}/legacy/#{name}"
  warn 'hint: unset FAIRWAY_LEGACY'
  exit 2
end

root = File.dirname(here, 2)
main = root
if File.file?("#{root}/.git") # a lane: its .git is a file that leads to the shared git directory
  pointer = File.read("#{root}/.git").chomp.delete_prefix('gitdir: ')
  shared = File.expand_path(pointer, root)[%r{\A(.*)/worktrees/[^/]*\z}m, 1]
  main = File.dirname(shared) if shared
end
home = ENV.fetch('FAIRWAY_HOME', '')
["#{root}/.fairway/home", "#{main}/.fairway/home"].each do |file|
  home = File.read(file).lines.first.to_s.chomp if home.empty? && File.file?(file)
end
home = "#{main}/#{home}" unless home.empty? || home.start_with?('/')

if File.file?("#{home}/bin/compat-call")
  python = "#{home}/.venv/bin/python"
  python = 'python3' unless File.executable?(python)
  exec(python, '-I', '-S', "#{home}/bin/compat-call", "#{here}/#{name}", *ARGV)
end
begin
  exec('compat-call', "#{here}/#{name}", *ARGV)
rescue SystemCallError
  warn "error: missing_dependency: #{name} cannot find fairway-scripts#{" in #{home}" unless home.empty?}"
  warn 'hint: write the path of its checkout into .fairway/home, or call the original once with FAIRWAY_LEGACY=1'
  exit 2
end
