class FairwayScripts < Formula
  desc "Durable work state for engineering lanes"
  homepage "@HOME@"
  url "@URL@"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "git"
  depends_on "python@3.13"

  def install
    libexec.install Dir["*"]
    python = Formula["python@3.13"].opt_bin/"python3.13"
    Dir[libexec/"bin/*"].reject { |file| file.end_with?(".py") }.each do |file|
      (bin/File.basename(file)).write <<~SH
        #!/bin/sh
        exec "#{python}" "#{file}" "$@"
      SH
    end
    man1.install Dir[libexec/"man/*"]
    bash_completion.install libexec/"completions/fairway.bash" => "fairway"
    zsh_completion.install libexec/"completions/_fairway"
    fish_completion.install libexec/"completions/fairway.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/fairway --version")
  end
end
