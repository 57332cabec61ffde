"""RDF as columns of whole numbers: every term has a number, every triple is three of them.

``reading`` fills them from files, ``columns`` is what they are, ``places`` says where a triple
stands, ``rereading`` reads what differs in a file that was saved again. A million triples take
seconds and a few hundred megabytes, and whole columns are compared at once (``shacl``).
"""
