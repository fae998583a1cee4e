"""How often anybody may write: for each reader, and for each network."""
