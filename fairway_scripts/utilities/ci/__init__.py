"""Runs of CI systems and test reports: reading them, and what failed where."""
