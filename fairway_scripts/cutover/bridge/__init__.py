"""Rows of the old database brought in, and the status of moved lanes handed on to it."""
