"""Reports of a review and of readiness, as artifacts that say what they were made from."""
