"""Whether the cases of a guideline would notice a fault, and the cases that are missing.

``mutants`` makes guidelines with one fault each, ``killing`` runs the cases on them, ``suggestion``
finds for each fault that nobody noticed a patient who shows it.
"""
