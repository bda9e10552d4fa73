"""The check-up: each part looks at one thing and gives findings with the line that mends them."""
