"""Whose call it is: the table of calls, the engines of lanes, passing a call to an original or to us."""
