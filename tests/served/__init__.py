"""Many calls in one process."""
