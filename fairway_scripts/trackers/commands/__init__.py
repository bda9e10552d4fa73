"""The tools of this room: each reads its call, calls one verb and prints the answer."""
