# Runs a Homebrew formula without Homebrew: what `install` does, into a prefix, from an unpacked bundle, then its test.
#   ruby formula_stand_in.rb FORMULA BUNDLE-FOLDER PREFIX PYTHON
require "fileutils"
require "pathname"

class Formula
  FIELDS = {}
  DEPENDS = []
  class << self
    attr_reader :tested

    %i[desc homepage url version sha256 license].each { |name| define_method(name) { |value| FIELDS[name] = value } }
    def depends_on(name) = DEPENDS << name
    def test(&block) = @tested = block

    def [](_name)
      python = Pathname(ARGV[3])
      Struct.new(:opt_bin).new(Class.new { define_method(:/) { |_program| python } }.new)
    end
  end

  def prefix = Pathname(ARGV[2])
  def version = FIELDS[:version]

  def shell_output(command)
    told = `#{command}`
    raise "#{command}: #{$?}" unless $?.success?

    told
  end

  def assert_match(wanted, told)
    raise "#{wanted} is not in #{told}" unless told.include?(wanted)
  end

  def libexec = prefix/"libexec"
  def bin = prefix/"bin"
  def man1 = prefix/"share/man/man1"
  def bash_completion = prefix/"etc/bash_completion.d"
  def zsh_completion = prefix/"share/zsh/site-functions"
  def fish_completion = prefix/"share/fish/vendor_completions.d"
end

class Pathname
  def install(what)
    mkpath
    pairs = what.is_a?(Hash) ? what : [what].flatten.to_h { |file| [file, File.basename(file)] }
    pairs.each { |from, to| FileUtils.mv(from.to_s, (self/to).to_s) }
  end

  alias write_as_always write
  def write(text)
    dirname.mkpath
    write_as_always(text)
    chmod(0o555)
  end
end

load ARGV[0]
made = ObjectSpace.each_object(Class).find { |found| found < Formula }
formula = made.new
Dir.chdir(ARGV[1]) { formula.install }
formula.instance_exec(&made.tested)
puts Formula::FIELDS.map { |name, value| "#{name}: #{value}" }, "depends_on: #{Formula::DEPENDS.join(' ')}"
