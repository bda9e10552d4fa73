"""What a test asks of the faults of a config file."""

from __future__ import annotations

from fairway_scripts.settings.config_file import read_config


def faults_of(path):
    """(line, field, code) of every fault."""
    return [(fault.line, fault.field, fault.code) for fault in read_config(path)[1]]
