"""What may have been meant by a name that is not known."""

from __future__ import annotations

from guidegraph.suggestion import alike, did_you_mean

NAMES = ("d-dimer", "admitted", "age")


def test_the_likest_name_comes_first_whatever_the_capitals() -> None:
    assert alike("D-Dimmer", NAMES) == ("d-dimer",)
    assert alike(" ug/l ", ("mg/L", "ug/L"))[0] == "ug/L"


def test_nothing_is_suggested_that_is_not_alike() -> None:
    assert alike("xyz", NAMES) == ()
    assert alike("admit", NAMES, cutoff=0.9) == ()


def test_without_a_like_name_those_that_there_are_stand() -> None:
    assert did_you_mean("admited", NAMES) == "Did you mean `admitted`?"
    assert did_you_mean("xyz", NAMES) == "There are: `admitted`, `age`, `d-dimer`."
    assert did_you_mean("xyz", NAMES, "Look it up.") == "Look it up."
    assert did_you_mean("xyz", ()) == "There are none."


def test_a_long_list_is_cut_short() -> None:
    listed = did_you_mean("?", [f"name-{number:02}" for number in range(13)])
    assert listed.endswith("`name-11`, ….")
