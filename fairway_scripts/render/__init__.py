"""Plain data to text, JSON and Markdown."""
