"""What a call goes through before a tool answers it, in a project that cuts over from older scripts.

The doors are in `cutover`: one for the old names, one for the tools themselves. Both hand a call to the original
(`passing`), do that and keep what happened for comparison (`shadow`), or let this side answer.
"""
