"""The closed sets of words that the domain knows: states, kinds of watchers and sessions, programs that are trusted."""
