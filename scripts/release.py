"""`make release`: everything that a release consists of, the same bytes from the same commit on any day.

Writes into a folder: wheel, sdist, one file that runs (`.pyz`), a Debian package, a bundle with a Homebrew formula that
installs it, a bill of materials (CycloneDX) and the checksums of all. Times inside are those of the commit
(SOURCE_DATE_EPOCH). Nothing is fetched: what a package brings along is taken from the environment, which `make setup`
makes of requirements.lock.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from importlib import metadata
from uuid import NAMESPACE_URL, uuid5

from packaging.requirements import Requirement

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, HOME)

from fairway_scripts import __version__  # noqa: E402 - the checkout has to be found first
from fairway_scripts.catalog import TOOLS  # noqa: E402
from fairway_scripts.front.entry import STAND_INS_CALL  # noqa: E402

NAME = "fairway-scripts"
#: Packages that the Debian package does not bring along: Debian has them, or nothing of ours imports them.
DEBIAN_HAS = {"pyyaml": "python3-yaml"}
UNUSED = ("pip",)
_CONTROL = """\
Package: {name}
Version: {version}
Architecture: all
Maintainer: {name} maintainers <nobody@example.org>
Depends: python3 (>= 3.11), git, {depends}
Suggests: make, tmux
Section: devel
Priority: optional
Description: durable work state for engineering lanes
 A make-compatible suite of small tools over one SQLite store: work queue,
 claims, evidence, handoffs, reviews and merge gates.
"""


def epoch() -> int:
    """The moment that all times inside become: SOURCE_DATE_EPOCH, else that of the commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given or run("git", "log", "-1", "--format=%ct"))


def run(*words: str, **more: str) -> str:
    """Run a command in the checkout; its answer. Ends the release when it fails."""
    done = subprocess.run(words, cwd=HOME, env={**os.environ, **more}, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"release: {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def refuse_unready() -> None:
    """A release is of a commit, with an entry in the changelog that has a day."""
    if run("git", "status", "--porcelain"):
        sys.exit("release: the work tree has changes: commit them first, or try it out with --draft")
    with open(os.path.join(HOME, "CHANGELOG.md"), encoding="utf-8") as file:
        entry = re.search(rf"^## {re.escape(__version__)} \((\d{{4}}-\d\d-\d\d)\)$", file.read(), re.MULTILINE)
    if not entry:
        sys.exit(f"release: CHANGELOG.md has no line `## {__version__} (YYYY-MM-DD)`, or try it out with --draft")


def runtime() -> list[metadata.Distribution]:
    """The packages that the tools need, and what those need, as they are installed here; by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [NAME]
    while waiting:
        name = waiting.pop()
        for line in metadata.distribution(name).requires or []:
            wanted = Requirement(line)
            key = wanted.name.lower().replace("_", "-")
            if key not in found and (wanted.marker is None or wanted.marker.evaluate({"extra": ""})):
                found[key] = metadata.distribution(key)
                waiting.append(key)
    return [found[name] for name in sorted(found)]


def bill(moment: int) -> str:
    """The bill of materials, CycloneDX 1.6: the package and all that it needs."""
    parts = [(dist.name, dist.version) for dist in runtime()]
    listed = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name.lower()}@{version}"}
        for name, version in parts
    ]
    own = {"type": "application", "name": NAME, "version": __version__, "purl": f"pkg:pypi/{NAME}@{__version__}"}
    text = json.dumps(listed, sort_keys=True)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, f'{NAME} {__version__} {text}')}",
        "version": 1,
        "metadata": {"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)), "component": own},
        "components": listed,
    }
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def one_file(path: str, wheel: str, moment: int) -> None:
    """The package as one file that Python runs: `./fairway.pyz claim`; other packages are the interpreter's."""
    with zipfile.ZipFile(wheel) as source:
        names = sorted(name for name in source.namelist() if name.startswith("fairway_scripts/"))
        main = (
            b"import sys\nfrom fairway_scripts.front.entry import _run_installed\nsys.exit(_run_installed('fairway'))\n"
        )
        content = {"__main__.py": main} | {name: source.read(name) for name in names}
    with open(path, "wb") as file:
        file.write(b"#!/usr/bin/env python3\n")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as target:
        for name, data in content.items():
            entry = zipfile.ZipInfo(name, time.gmtime(moment)[:6])
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            target.writestr(entry, data)
    os.chmod(path, 0o755)


def debian(path: str, moment: int) -> None:
    """The Debian package: a folder of its own with what it needs, links in /usr/bin, pages and completions."""
    if shutil.which("dpkg-deb") is None:
        sys.stderr.write("release: dpkg-deb is missing, so there is no Debian package\n")
        return
    with tempfile.TemporaryDirectory() as root:
        _suite(os.path.join(root, "usr", "lib", NAME), (*DEBIAN_HAS, *UNUSED))
        os.makedirs(os.path.join(root, "usr", "bin"))
        for tool in (*TOOLS, STAND_INS_CALL):
            os.symlink(f"../lib/{NAME}/bin/{tool}", os.path.join(root, "usr", "bin", tool))
        _pages(root)
        os.makedirs(os.path.join(root, "DEBIAN"))
        control = _CONTROL.format(name=NAME, version=__version__, depends=", ".join(DEBIAN_HAS.values()))
        _write(os.path.join(root, "DEBIAN", "control"), control)
        _even_out(root, moment)
        run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, path, SOURCE_DATE_EPOCH=str(moment))


def bundle(path: str, moment: int) -> None:
    """The suite with all that it needs but Python, for any system: to be unpacked anywhere, with `bin` on the PATH."""
    with tempfile.TemporaryDirectory() as root:
        top = os.path.join(root, os.path.basename(path).removesuffix(".tar.gz"))
        _suite(top, UNUSED)
        _manual(os.path.join(top, "man"))
        for shell, name in (("bash", "fairway.bash"), ("zsh", "_fairway"), ("fish", "fairway.fish")):
            _write(os.path.join(top, "completions", name), _completion(shell))
        shutil.copyfile(os.path.join(HOME, "LICENSE"), os.path.join(top, "LICENSE"))
        _even_out(root, moment)
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as target:
            target.add(top, os.path.basename(top), filter=_of_nobody)  # in the order of the names
    with open(path, "wb") as file:
        file.write(gzip.compress(packed.getvalue(), 9, mtime=0))


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def formula(url: str, bundled: str) -> str:
    """A Homebrew formula for the bundle `bundled`, which will be found below `url`."""
    with open(bundled, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    with open(os.path.join(HOME, "scripts", "release_files", "formula.rb"), encoding="utf-8") as file:
        text = file.read()
    place = f"{url.rstrip('/')}/{os.path.basename(bundled)}"
    values = {"HOME": url.partition("/releases/")[0], "URL": place, "VERSION": __version__, "SHA256": digest}
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _suite(folder: str, without: tuple[str, ...]) -> None:
    """The tools, the package, and the packages that it needs but those in `without`, in `folder/vendor`."""
    ignore = shutil.ignore_patterns("__pycache__")
    for part in ("bin", "fairway_scripts", "make", "compat"):
        shutil.copytree(os.path.join(HOME, part), os.path.join(folder, part), ignore=ignore)
    for dist in runtime():
        if dist.name.lower() in without:
            continue
        for file in dist.files or ():
            # programs of theirs, and what was compiled for this machine: each of them works without
            if ".." in file.parts or "__pycache__" in file.parts or file.suffix in (".so", ".pyd"):
                continue
            target = os.path.join(folder, "vendor", *file.parts)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copyfile(file.locate(), target)


def _even_out(root: str, moment: int) -> None:
    """One time and one mode for what does not depend on who makes it."""
    for place, folders, names in os.walk(root):
        os.chmod(place, 0o755)
        for name in [*folders, *names]:
            path = os.path.join(place, name)
            if name in names and not os.path.islink(path):
                os.chmod(path, 0o755 if os.access(path, os.X_OK) else 0o644)
            os.utime(path, (moment, moment), follow_symlinks=False)


def _manual(folder: str) -> None:
    """The manual pages, packed."""
    os.makedirs(folder)
    run(sys.executable, os.path.join(HOME, "bin", "fairway"), "man", "--into", folder)
    for name in os.listdir(folder):
        _pack(os.path.join(folder, name))


def _completion(shell: str) -> str:
    return run(sys.executable, os.path.join(HOME, "bin", "fairway"), "completion", shell) + "\n"


def _pages(root: str) -> None:
    """Manual pages, completions, the licence and the changelog, where Debian looks for them."""
    share = os.path.join(root, "usr", "share")
    _manual(os.path.join(share, "man", "man1"))
    places = {
        "bash": ("bash-completion", "completions", "fairway"),
        "zsh": ("zsh", "vendor-completions", "_fairway"),
        "fish": ("fish", "vendor_completions.d", "fairway.fish"),
    }
    for shell, place in places.items():
        _write(os.path.join(share, *place), _completion(shell))
    docs = os.path.join(share, "doc", NAME)
    os.makedirs(docs)
    shutil.copyfile(os.path.join(HOME, "LICENSE"), os.path.join(docs, "copyright"))
    shutil.copyfile(os.path.join(HOME, "CHANGELOG.md"), os.path.join(docs, "changelog"))
    _pack(os.path.join(docs, "changelog"))


def _pack(path: str) -> None:
    with open(path, "rb") as file:
        data = gzip.compress(file.read(), 9, mtime=0)
    os.unlink(path)
    with open(f"{path}.gz", "wb") as file:
        file.write(data)


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def checksums(folder: str) -> str:
    """The SHA-256 of each file of a folder, as sha256sum writes and checks them."""
    lines = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as file:
            lines.append(f"{hashlib.sha256(file.read()).hexdigest()}  {name}\n")
    return "".join(lines)


def main() -> None:
    """Make all of it in a folder beside the one that is asked for, and move that into place."""
    parser = argparse.ArgumentParser(description="Write all that a release consists of.")
    parser.add_argument("--into", default=os.path.join(HOME, "dist"), metavar="FOLDER", help="where to; default: dist")
    parser.add_argument("--draft", action="store_true", help="also with changes in the work tree, or without a day")
    parser.add_argument("--url", default="", help="where the files will be found: writes a Homebrew formula")
    args = parser.parse_args()
    if not args.draft:
        refuse_unready()
    moment = epoch()
    if os.path.exists(args.into) and os.listdir(args.into):
        sys.exit(f"release: {args.into} is not empty: remove it first")
    os.makedirs(args.into, exist_ok=True)
    run(sys.executable, "-m", "hatchling", "build", "-d", args.into, SOURCE_DATE_EPOCH=str(moment))
    wheel = next(name for name in os.listdir(args.into) if name.endswith(".whl"))
    one_file(os.path.join(args.into, f"fairway-{__version__}.pyz"), os.path.join(args.into, wheel), moment)
    debian(os.path.join(args.into, f"{NAME}_{__version__}_all.deb"), moment)
    bundled = os.path.join(args.into, f"fairway-{__version__}-bundle.tar.gz")
    bundle(bundled, moment)
    if args.url:
        _write(os.path.join(args.into, f"{NAME}.rb"), formula(args.url, bundled))
    _write(os.path.join(args.into, "sbom.cdx.json"), bill(moment))
    _write(os.path.join(args.into, "SHA256SUMS"), checksums(args.into))
    for name in sorted(os.listdir(args.into)):
        print(f"{os.path.getsize(os.path.join(args.into, name)):>9}  {name}")


if __name__ == "__main__":
    main()
