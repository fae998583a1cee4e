"""The site written out: as a WordPress export with our own facts in it, and as JSON Lines."""
