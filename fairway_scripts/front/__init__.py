"""The front: one command over all tools, help in tiers, completions and manual pages, made from the catalogue."""
