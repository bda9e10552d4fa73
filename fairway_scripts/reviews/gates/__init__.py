"""Guards, regression packs, profile gates, and which of them a change needs."""
