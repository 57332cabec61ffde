"""Arrow dictionaries as columns of patients."""

from __future__ import annotations

import numpy as np
import pytest

from guidegraph.errors import GuidelineError
from test_batch import light, statuses_of_state


@pytest.mark.parametrize("index", ["int8", "uint8", "uint32"])
def test_categories_of_any_index_may_be_null(index: str) -> None:
    arrow = pytest.importorskip("pyarrow")
    places = arrow.array([0, 1, 2, None], getattr(arrow, index)())
    column = arrow.DictionaryArray.from_arrays(places, arrow.array(["c", "none", None]))
    assert statuses_of_state(column) == statuses_of_state(np.array(["c", "none", None, None]))


def test_numbers_in_an_arrow_dictionary_are_numbers() -> None:
    arrow = pytest.importorskip("pyarrow")
    assert light(arrow.array([60, 61]).dictionary_encode()) == ["applies", "notApplicable"]
    with pytest.raises(GuidelineError, match="M103"):
        light(arrow.array([60.1]).dictionary_encode())
