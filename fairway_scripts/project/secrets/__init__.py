"""Secrets have no place in what is recorded: what is typed is refused, what programs print is redacted."""
