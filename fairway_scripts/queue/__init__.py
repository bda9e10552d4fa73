"""Definitions of tasks: bringing them in from the queue file, checking, editing, archiving and generating them."""
