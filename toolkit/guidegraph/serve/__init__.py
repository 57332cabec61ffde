"""The site of a guideline while it is edited: built whole in the background, a page at once."""
