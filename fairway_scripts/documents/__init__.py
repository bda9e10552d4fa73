"""Files that are read with line numbers and edited surgically."""
