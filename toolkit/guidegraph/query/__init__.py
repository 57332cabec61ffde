"""Questions to the graph in SPARQL: named queries, files and texts, never the network.

``named`` lists the queries there are, ``load`` and ``run`` ask one in this process (the site does),
``worker.run_within`` asks in another with a time limit (the command line does).
"""

from guidegraph.query.engine import ROWS, run
from guidegraph.query.graph import Graph, load
from guidegraph.query.named import NamedQuery, Parameter, named
from guidegraph.query.results import Cell, Result

__all__ = ["ROWS", "Cell", "Graph", "NamedQuery", "Parameter", "Result", "load", "named", "run"]
