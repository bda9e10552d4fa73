"""The verbs of an open project, as functions that return JSON-ready data."""
