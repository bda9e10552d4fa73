"""The pages of the dashboard by path, and what the navigation shows."""

from __future__ import annotations

from fairway_scripts.dashboard.work_panels import BOARD, WALL

#: Every page that is made of panels, by the name under which its panels are loaded one by one.
PAGES = {"now": WALL, "board": BOARD}
