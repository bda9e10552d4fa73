"""Documents in the formats of others: YAML, JSON, XML, TOML with the lines of their faults; replacing files safely.

Knows no task, lane or gate.
"""
