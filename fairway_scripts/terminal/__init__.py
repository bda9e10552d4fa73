"""The terminal page: lanes, board, reviews, sessions, activity and what is next, in one screen without a mouse.

A room of its own: it alone imports Textual (the extra `[tui]`), and no other tool imports it. It reads through the
verbs of the rooms below it and changes nothing by itself: every change is a tool's own, run as its own process.
"""
