"""Shapes (SHACL) over columns: a shape is compiled to operations on whole columns.

``reading`` makes shapes of a graph, ``components`` are the constraints, ``engine`` applies them,
``queries`` runs those that are written in SPARQL, ``reference`` hands to pySHACL what is not
compiled, ``report`` says what was found. ``recheck`` keeps a check and judges after an edit only
what it may concern, as ``reach`` knows. Any RDF will do; nothing here knows of guidelines.
"""
