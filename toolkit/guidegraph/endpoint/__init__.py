"""The graph over HTTP, read only: the SPARQL 1.1 Protocol, and the named queries as addresses.

``app.application`` is the whole; ``asking.Answers`` answers questions within limits, ``guard.Door``
stands before everything.
"""
