"""The day of a lane: ready, claim, release, evidence, handoff, and what work costs."""
