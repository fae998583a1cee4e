"""A whole invented edition: what a newcomer sees, and what the screenshots show."""
