"""Sessions of providers attached to lanes: terminals, launching, heartbeats, reconciling."""
