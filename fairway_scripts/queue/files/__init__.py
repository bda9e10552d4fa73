"""The queue file itself, and the small makefiles that a repository includes: reading and writing them."""
