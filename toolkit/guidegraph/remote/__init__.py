"""Other machines: a triplestore is asked, or a version is published on it, because a user named it.

``places`` (which places are called at all) → ``credentials`` (who asks) → ``exchange`` (one
request and its whole answer, or a finding) → ``endpoint`` (the SPARQL Protocol: ``ask``) and
``graphs`` (named graphs as wholes) → ``contents`` (what is published, and how two graphs are
compared) → ``publishing`` (a graph is replaced at once, or not at all).
"""

from guidegraph.remote.contents import Content, content
from guidegraph.remote.endpoint import Endpoint, ask
from guidegraph.remote.exchange import Exchange, Terms
from guidegraph.remote.graphs import Graphs
from guidegraph.remote.places import Address, Addresses, address, addresses
from guidegraph.remote.provenance import Made, version_graph
from guidegraph.remote.publishing import Publication, Told, publish, requests

__all__ = [
    "Address",
    "Addresses",
    "Content",
    "Endpoint",
    "Exchange",
    "Graphs",
    "Made",
    "Publication",
    "Terms",
    "Told",
    "address",
    "addresses",
    "ask",
    "content",
    "publish",
    "requests",
    "version_graph",
]
