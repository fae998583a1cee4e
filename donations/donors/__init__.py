"""What donors get and may do: a receipt, a name on the wall, an end of their monthly gift."""
