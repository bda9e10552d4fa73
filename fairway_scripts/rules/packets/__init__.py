"""What packets hold: bounded briefs that are handed to whoever does, reviews or watches the work."""
