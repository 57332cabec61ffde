"""Forms made of shapes: what is asked about a thing of some class, and what people type into it."""
