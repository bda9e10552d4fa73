"""Many projects on one machine: which there are, and one look at all of them."""
