"""User acceptance: flows, their results, and the matrix of both."""
