"""The configuration file: its schema with defaults, reading, checking, and edits that leave the rest as it is."""
