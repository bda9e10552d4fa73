"""Patterns of paths and of lines, read in time that grows with the text alone."""
