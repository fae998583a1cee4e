"""Who follows a discussion, and how they are told of what is said there."""
