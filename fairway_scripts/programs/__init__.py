"""Running programs: the only room that starts processes, ends them, and keeps what they print."""
