"""Finds the package beside `bin/` and runs a tool with an interpreter that can.

Kept to syntax that every Python 3 reads, so that an old one gets a sentence instead of a traceback.
"""

import gc
import os
import sys
from marshal import loads

try:
    from _frozen_importlib_external import MAGIC_NUMBER
except ImportError:  # an interpreter without it has no use for the bundle
    MAGIC_NUMBER = b""

HOME = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
VENV_PYTHON = os.path.join(HOME, ".venv", "bin", "python")
VENDOR = os.path.join(HOME, "vendor")
AGAIN = "FAIRWAY_STARTED_AGAIN"
#: The byte code of the light tools in one file, see scripts/hot_bundle.py.
BUNDLE = os.path.join(HOME, ".venv", "hot.bundle")

#: How seldom a light tool looks for garbage: what a short call loads and reads is hardly ever any.
SELDOM = (50000, 20, 100)

#: What the tools import beside the standard library.
PACKAGES = ("yaml", "tomlkit", "sqlite_utils", "plumbum", "sh")
#: What one tool imports besides.
EXTRAS = {"fairway-dashboard": ("starlette", "uvicorn", "jinja2")}
#: Called all day, and mostly without any of these packages: they begin in any interpreter that is new enough. What
#: they write before they know that a package is missing is written the same by a second run. Every other tool
#: changes its interpreter before it does anything.
LIGHT = frozenset(
    (
        "compat-call",
        "fairway",
        "fairway-mk-path",
        "fairway-prime",
        "orchestrator-status",
        "orchestrator-tick",
        "queue-claim",
        "queue-help",
        "queue-list",
        "queue-ready",
        "queue-record-evidence",
        "queue-record-handoff",
        "queue-record-review",
        "queue-release",
        "queue-set-status",
        "queue-task-detail",
    )
)


def run(tool):
    """Run one tool and leave the process with its exit code."""
    # taken out of the environment, so that a tool which a program of this one starts may start again as well
    again = os.environ.pop(AGAIN, "")
    if sys.version_info < (3, 11):
        start_again("Python 3.11 or newer is needed, this is %d.%d" % sys.version_info[:2], again)
    look_here()
    use_bundle()
    called = named(tool)
    if called in LIGHT:
        gc.set_threshold(*SELDOM)
    elif not again:
        # where there is no other interpreter to try, the tool itself says what it lacks
        look_for(PACKAGES + (EXTRAS.get(called, ()) if os.path.exists(VENV_PYTHON) else ()), again)
    try:
        from fairway_scripts.front.entry import leave
        from fairway_scripts.front.entry import run as run_tool

        code = run_tool(tool)
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("fairway_scripts"):
            raise
        start_again("the Python package %s is missing" % missing.name, again)
    leave(code)


class Bundle:
    """Loads modules from the bundle, as long as their sources are as they were when it was written."""

    def __init__(self, file, length):
        self.file = file
        self.codes = 24 + length
        self.modules = loads(os.pread(file, length, 24))

    def find_spec(self, name, path=None, _target=None):
        """How a module is loaded; None leaves it to the usual search."""
        if name not in self.modules:
            return None
        is_package, path, time, size = self.modules[name][:4]
        path = HOME + os.sep + path
        try:
            source = os.stat(path)
        except OSError:
            return None
        if source.st_mtime_ns != time or source.st_size != size:
            return None
        spec = type(__spec__)(name, self, origin=path, is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations.append(os.path.dirname(path))
        return spec

    def create_module(self, spec):
        """No module of our own: the usual one."""

    def exec_module(self, module):
        """Run the code of a module."""
        start, length = self.modules[module.__name__][4:]
        exec(loads(os.pread(self.file, length, self.codes + start)), module.__dict__)

    def get_data(self, path):
        """What a file of the package holds: modules ask their loader for the files beside them."""
        with open(path, "rb") as file:
            return file.read()


def use_bundle():
    """Load the modules of the light tools from one file, where one was written whole for this interpreter."""
    try:
        file = os.open(BUNDLE, os.O_RDONLY)
        head = os.pread(file, 24, 0)
        is_ours = head[:8].rstrip(b" ") == MAGIC_NUMBER and not sys.flags.optimize
        # a number below 3 is the place of a closed standard stream
        if file > 2 and is_ours and os.fstat(file).st_size == int(head[16:]):
            sys.meta_path.insert(0, Bundle(file, int(head[8:16])))
            return
        os.close(file)
    except (OSError, ValueError, EOFError, TypeError):
        pass  # not made yet: the modules themselves are there


def ready():
    """Go on in an interpreter that has every package, for a program that is no tool."""
    look_here()
    look_for(PACKAGES, os.environ.pop(AGAIN, ""))


def look_here():
    """Find the package, and what a package of an operating system brings along."""
    sys.path[0] = HOME
    if os.path.isdir(VENDOR):
        sys.path.append(VENDOR)


def look_for(packages, again):
    """Hand over to another interpreter when this one lacks one of the packages."""
    for package in missing_packages(packages):
        start_again("the Python package %s is missing" % package, again)


def named(tool):
    """The tool that is called: `fairway` finds it by its first words."""
    if tool != "fairway":
        return tool
    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.calls.umbrella import resolve

    try:
        return resolve(sys.argv[1:])[0]
    except FairwayError:  # told by the tool itself
        return "queue-help"


def missing_packages(wanted):
    """The packages that this interpreter lacks; looked up without importing anything."""
    if sys.prefix == os.path.dirname(os.path.dirname(VENV_PYTHON)) and not sys.flags.no_site:
        return []
    return [name for name in wanted if not any(finder.find_spec(name, None) for finder in sys.meta_path)]


def start_again(problem, again):
    """Hand over to the project's own environment, once; else say what to do."""
    if os.path.exists(VENV_PYTHON) and not again:
        os.environ[AGAIN] = "1"
        os.execv(VENV_PYTHON, [VENV_PYTHON] + sys.argv)
    setup = ["make", "-C", HOME, "setup"]
    line = "make -C %s setup" % ("'" + HOME.replace("'", "'\\''") + "'")
    if not os.path.exists(os.path.join(HOME, "requirements.lock")):  # a bundle, or a package of an operating system
        setup, line = [], "put a python3 first on the PATH that is 3.11 or newer and has what the package depends on"
    if wants_json(sys.argv[1:]):
        import json

        refusal = {"schema": "error/1", "tool": os.path.basename(sys.argv[0]), "exit_code": 2, "findings": []}
        refusal.update(word="missing_dependency", message=problem, hint=line, argv=setup)
        sys.stderr.write(json.dumps(refusal, sort_keys=True) + "\n")
    else:
        sys.stderr.write("error: missing_dependency: %s\n" % problem)
        sys.stderr.write("hint: %s\n" % line)
    sys.exit(2)


def wants_json(words):
    """Whether the call asks for JSON; the package, which knows for sure, cannot be loaded here."""
    if "--" in words:
        words = words[: words.index("--")]
    named = [word[7:].lower() for word in words if word.startswith("--json=")]
    listed = "--format=json" in words or any(words[n : n + 2] == ["--format", "json"] for n in range(len(words)))
    return "--json" in words or listed or any(value and value not in ["0", "false", "off", "no"] for value in named)
