"""The pages of the dashboard, in the order of the navigation."""

from __future__ import annotations

from fairway_scripts.dashboard.lane_panels import LANES
from fairway_scripts.dashboard.ops_panels import OPS
from fairway_scripts.dashboard.trust_panels import TRUST
from fairway_scripts.dashboard.work_panels import ACTIVITY, BOARD, WALL

#: Every page that is made of panels, by the name under which its panels are loaded one by one.
PAGES = {"now": WALL, "board": BOARD, "lanes": LANES, "trust": TRUST, "ops": OPS, "activity": ACTIVITY}
