"""Reviews and what depends on them: verdicts bound to commits, waivers, approvals, merge-ready, the status of a task.

The rules of one commit's standing are `review_standing`; everything that gates or reports asks it.
"""
