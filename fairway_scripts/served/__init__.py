"""Many calls in one process: JSON lines, and the Model Context Protocol."""
