"""What people look at: lists, task pages, status, health and activity."""
