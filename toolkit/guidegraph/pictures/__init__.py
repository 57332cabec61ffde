"""Pictures of a guideline as static SVG: every text is a text, and no script is needed."""
