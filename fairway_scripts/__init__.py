"""Durable work state for engineering lanes: tasks, claims, evidence, handoffs, reviews, merge gates."""

__version__ = "1.0.0"
