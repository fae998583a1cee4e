"""What discussions keep of somebody, with an account or without: to take along, or to erase."""
