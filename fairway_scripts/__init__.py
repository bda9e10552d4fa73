"""Durable work state for engineering lanes: tasks, claims, evidence, handoffs, reviews, merge gates."""

__version__ = "0.1.0"
