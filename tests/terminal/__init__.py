"""The terminal page: what a person sees and types."""
