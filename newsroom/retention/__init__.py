"""What is kept of people only for so long, and the daily round that forgets it."""
