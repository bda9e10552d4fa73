"""What everything stands on: errors, clock, identity, paths, digests, JSON, files of the machine, standard streams.

Imports nothing of the package but itself (and, when the first hint is spelled, `calls.hints`); on the way of a hot
command, so only cheap parts of the standard library.
"""
