"""What readers ask for. Every view here is public, and answers everyone alike."""
