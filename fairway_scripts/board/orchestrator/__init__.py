"""The coordinator's view of all lanes: what is stuck, who is to be woken, what goes next."""
