"""Telling people and programs what happened: from the ledger to a program, a webhook or the desktop."""
