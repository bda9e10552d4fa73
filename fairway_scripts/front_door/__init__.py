"""What a call goes through before a tool answers it, in a project that cuts over from older scripts.

`scripts` answers the old names, `tools` looks at calls of the tools themselves; both hand a call to the original
(`passing`), do that and keep what happened for comparison (`shadow`), or let this side answer.
"""
