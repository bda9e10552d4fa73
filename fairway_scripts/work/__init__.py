"""The day of a lane: ready, claim, release, status, evidence, handoff, and what work costs."""
