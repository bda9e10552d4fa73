"""Agents at home: the first page of a session, and the files that tell an agent program of it."""
