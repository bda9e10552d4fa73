"""Composed briefs: what somebody needs to know for one piece of work, from records and notes."""
