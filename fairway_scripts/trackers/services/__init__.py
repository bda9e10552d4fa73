"""What each tracker's API is asked and how it answers; nobody here knows of tasks."""
