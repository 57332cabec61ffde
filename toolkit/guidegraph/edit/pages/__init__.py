"""The pages of the editor, made on this machine for a browser on this machine.

What a page sends for one property is a list, ``typed``; each item is one of

* a text, as it was typed: ``"1500"``, ``"CRIT-high"``, a whole IRI, ``"50 ug-per-L"``, ``"true"``;
* words in a language: ``{"text": "...", "language": "nl"}``;
* a new part (what stands inside): ``{"parts": {predicate: [item, ...]}}``;
* a part as it is but for some of its properties: ``{"of": 0, "parts": {predicate: [item, ...]}}``
  (``of`` counts the values that the property has now);
* ``{"same": 2}``: the third value that the property has now (inside ``parts``: that the part of
  ``of`` has), to the letter.

An empty list takes the property away. A page asks for its own lists of things (``/options``) and
its own pieces (``/panel``, ``/flow``) with GET.
"""
