"""Keeping the store: backup, restore, verify, undo, snapshots, export, anchors, moving to another engine."""
