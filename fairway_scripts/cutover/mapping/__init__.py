"""What an old database holds: which table and column is which, by names, keys and cells. Pure rules."""
