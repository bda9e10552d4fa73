"""Everything about scripts that were there before: what their database holds, how they are called, and who answers.

Nothing below this room knows it: the day the last lane has moved, the folder can go. What is called `*_rules` here and
`cell_signs` is pure: no I/O, no clock.
"""
