"""A project that is open: where it lies, whose its store is, which lane a call means, one change at a time.

Verbs of the rooms above take an open project. Opening brings definitions up to date, which `queue` does.
"""
