"""The front: the one command, help, completions, manual pages."""
