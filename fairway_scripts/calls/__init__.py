"""How a call is written, read and answered: variables, flags, command lines, hints, tables of columns, JSON.

Knows the catalogue of tools and no store: what a call is about is the business of the rooms above.
"""
