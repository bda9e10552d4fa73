"""One module per family of tools: parse, call one operation, render."""
