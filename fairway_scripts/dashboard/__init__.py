"""The dashboard: server-rendered pages over the same verbs as the tools, for people who look rather than type.

It has no read model of its own: a page asks `operations`, a mutation runs a tool's verb with a named person as actor,
so that the event of the ledger is the audit row. It gives no verdict, waives nothing, finishes nothing and merges
nothing: there the page shows the line to paste. Only this room imports Starlette, uvicorn and Jinja2, and only
`dashboard/commands/dashboard.py` imports this room.
"""
