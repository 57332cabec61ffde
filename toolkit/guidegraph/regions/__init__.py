"""What a condition can tell apart: proofs by regions, regions as boxes, and how they read."""

from guidegraph.regions.boxes import Answered, Between, Box, OneOf, Region, Side, Unmeasured
from guidegraph.regions.hulls import Hulls, meeting
from guidegraph.regions.needed import Needed
from guidegraph.regions.search import (
    CONSTANTS,
    LIMIT,
    TRUTHS,
    UNKNOWN,
    Atom,
    Regions,
    Space,
    TooManyRegionsError,
    Value,
    Wanted,
    atoms,
    linear,
    put,
)
from guidegraph.regions.settings import Form, leaves, setting_values, with_settings
from guidegraph.regions.words import Words

__all__ = [
    "CONSTANTS",
    "LIMIT",
    "TRUTHS",
    "UNKNOWN",
    "Answered",
    "Atom",
    "Between",
    "Box",
    "Form",
    "Hulls",
    "Needed",
    "OneOf",
    "Region",
    "Regions",
    "Side",
    "Space",
    "TooManyRegionsError",
    "Unmeasured",
    "Value",
    "Wanted",
    "Words",
    "atoms",
    "leaves",
    "linear",
    "meeting",
    "put",
    "setting_values",
    "with_settings",
]
