"""`make demo-cutover`: a repository moves from its older scripts to this suite, lane by lane, and back, and over.

The older scripts are one of the stand-ins of tests/legacy_standin and tests/legacy_standin_b (they need ruby with the
sqlite3 gem), and the story is the one that tests/acceptance/test_cutover.py tells. After every chapter what was done is
compared with what both sides have a record of. `--keep` leaves the folder for exploring.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, HOME)

from tests.acceptance.cutover_standins import STAND_INS  # noqa: E402 - HOME has to be found first
from tests.acceptance.cutover_story import BY_HAND, CHAPTERS, Cutover, StoryError  # noqa: E402
from tests.legacy_standin.standin import why_missing  # noqa: E402

#: The chapters before the store is there.
UNRECORDED = ("begin", "note_the_bytes", "scan")


def say(text: str) -> None:
    """Print at once: the story is watched."""
    print(text, flush=True)


def main() -> None:
    """Tell the story and say how long it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--keep", action="store_true", help="leave the folder for exploring")
    options.add_argument("--stand-in", default="a", metavar="LETTER", help=f"{' or '.join(STAND_INS)}; default: a")
    given = options.parse_args()
    keep = given.keep
    if given.stand_in not in STAND_INS:
        options.error(f"no stand-in {given.stand_in}; there are: {' '.join(STAND_INS)}")
    if missing := why_missing():
        sys.exit(f"demo-cutover: {missing}; install it and run make demo-cutover again")
    started = time.monotonic()
    folder = tempfile.mkdtemp(prefix="fairway-cutover-")
    story = Cutover(os.path.join(folder, "work"), say, given.stand_in)
    os.mkdir(story.folder)
    try:
        for number, (name, title) in enumerate(CHAPTERS, start=1):
            say(f"\n======== {number}. {title} ========")
            getattr(story, name)()
            wrong = [] if name in UNRECORDED else story.disagreements()
            if wrong:
                sys.exit("demo-cutover: " + "\n".join(wrong))
        say(f"\ndemo-cutover: {len(story.by_hand)} line(s) were typed or confirmed by hand, all others were drafted:")
        say("\n".join(f"  {path}: {line}" for path, line in story.by_hand))
        if len(story.by_hand) > BY_HAND:
            sys.exit(f"demo-cutover: more than {BY_HAND} lines had to be typed")
        say(f"demo-cutover: nothing was lost and nothing is there twice, after {time.monotonic() - started:.1f} s")
    except StoryError as fault:
        sys.exit(f"demo-cutover: {fault}")
    finally:
        if keep:
            say(f"demo-cutover: explore it with  cd {story.main}")
        else:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
