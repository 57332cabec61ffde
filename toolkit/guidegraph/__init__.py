"""guidegraph: clinical guidelines as a knowledge graph that is checked, executed and published."""

__version__ = "0.1.0"
