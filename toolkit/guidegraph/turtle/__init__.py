"""The text of Turtle files: what stands where, and how to change it in place."""
