"""Calls that the original answers while ours is tried beside it, unnoticed."""
