"""Lanes on disk: worktrees, the checks before a claim, and what git says against the record."""
