"""Agents at home: the page that a session begins with, and the files that tell an agent program of it."""
