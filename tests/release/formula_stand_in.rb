# Runs a Homebrew formula without Homebrew: what `install` does, into a prefix, from an unpacked bundle.
#   ruby formula_stand_in.rb FORMULA BUNDLE-FOLDER PREFIX PYTHON
require "fileutils"
require "pathname"

class Formula
  FIELDS = {}
  DEPENDS = []
  class << self
    %i[desc homepage url sha256 license].each { |name| define_method(name) { |value| FIELDS[name] = value } }
    def depends_on(name) = DEPENDS << name
    def test = nil

    def [](_name)
      python = Pathname(ARGV[3])
      Struct.new(:opt_bin).new(Class.new { define_method(:/) { |_program| python } }.new)
    end
  end

  def prefix = Pathname(ARGV[2])
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
Dir.chdir(ARGV[1]) { made.new.install }
puts Formula::FIELDS.map { |name, value| "#{name}: #{value}" }, "depends_on: #{Formula::DEPENDS.join(' ')}"
