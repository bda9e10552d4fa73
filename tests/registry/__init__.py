"""Many projects on one machine."""
