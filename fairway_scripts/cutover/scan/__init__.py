"""Drafting the table of calls from a host's Makefile and scripts."""
