"""What git knows of a repository: read from its files where those can be read, else asked of the program."""
