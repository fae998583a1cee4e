"""What is kept of an account: all of it to take along, or to be done away with."""
