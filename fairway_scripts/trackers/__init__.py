"""Links from tasks to the issues of trackers: import, link, export, reconcile, each one way and asked for."""
