// Attached by its own feature.
