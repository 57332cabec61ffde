"""A guideline for a whole population: files to rows, rows to tables, tables to answers, checked.

``sources`` (what layout a file has) → ``long``, ``fhir``, ``omop`` (each layout as rows of texts) →
``meanings`` (what a way of writing means, with exact units) → ``judging`` (rows as whole numbers,
or faults) → ``gathering`` (the tables that the generated SQL reads) → ``deciding`` → ``sampling``
(the reference decides some persons again) → ``report``, ``page``. ``run`` is the order of it.
"""

from guidegraph.cohort.engine import database, missing
from guidegraph.cohort.example import Wanted, write_example
from guidegraph.cohort.faults import CohortError
from guidegraph.cohort.report import Report, as_text
from guidegraph.cohort.run import Request, can_move, run

__all__ = [
    "CohortError",
    "Report",
    "Request",
    "Wanted",
    "as_text",
    "can_move",
    "database",
    "missing",
    "run",
    "write_example",
]
