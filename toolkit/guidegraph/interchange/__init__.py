"""Programs as JSON and back: the published form of the model, without RDF and without Python.

``to_json`` and ``from_json`` are exact opposites. The form is described in
``schemas/model.schema.json``; what it means is said in ``tests/conformance/README.md``.

* An exact number (a constant, a coefficient, an end of a range, a default) is a string: a whole
  number or a fraction in lowest terms, ``"-2"`` or ``"7/3"``, in the canonical unit. A count
  (decimal places, points, minutes) is a JSON number below ``2**53`` in size.
* A condition or number is an object whose first key says what it is: ``{"and": [...]}``,
  ``{"criterion": "C-1"}``, ``{"compare": "<", "left": ..., "right": ...}``.
* A number that depends on a condition (``{"if": ..., "then": ..., "else": ...}``) may be read; it
  is resolved when the comparison around it is made, so it is never written.
* What is empty or not stated is left out, but for lists of definitions. What is not known to the
  form is refused: a reader that skips what it does not understand decides wrongly.
"""

from guidegraph.interchange.base import FORMAT, InterchangeError
from guidegraph.interchange.reader import from_json
from guidegraph.interchange.writer import to_json

__all__ = ["FORMAT", "InterchangeError", "from_json", "to_json"]
