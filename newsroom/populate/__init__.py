"""Load data: any number of made-up reports and comments, the same for the same numbers."""
