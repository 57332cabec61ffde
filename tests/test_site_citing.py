"""References as reference managers read them, and links by which problems are reported."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import site_example as example
from guidegraph.site.citing import Reference, reference
from guidegraph.site.safe import reporting

HOSTILE = 'a}\n@misc{x,\r\nER  - \nAU  - Eve\u2028{\\"%&_#$~^\u202e\ud800'


def cited(**given: str) -> Reference:
    """A recommendation of the example as it is cited."""
    known = example.guideline()
    found = reference(known.header, known["rec-1"], "recommendations/rec-1.html")
    return replace(found, **given)


def test_only_what_the_header_states_is_cited() -> None:
    found = cited()
    assert found.plain == (
        "The encoders. “Treat when low (rec-1)”. In: How to use the marker. Version 2.1. "
        "The publishers; 2024-05-06. https://example.org/marker/rec-1. "
        "Page recommendations/rec-1.html."
    )
    bare = replace(found, creators=(), publisher="", version="", date="", page="")
    assert bare.plain == (
        "“Treat when low (rec-1)”. In: How to use the marker. https://example.org/marker/rec-1."
    )
    assert "author" not in bare.bibtex + bare.csl
    assert "AU" not in bare.ris


def test_the_guideline_itself_is_no_part_of_anything() -> None:
    header = example.guideline().header
    found = reference(header, header, "index.html")
    assert "In:" not in found.plain
    assert "T2" not in found.ris
    assert "container-title" not in found.csl


def test_csl_is_json_with_the_date_in_parts() -> None:
    (found,) = json.loads(cited().csl)
    assert found["author"] == [{"literal": "The encoders"}]
    assert found["issued"] == {"date-parts": [[2024, 5, 6]]}
    assert found["URL"] == "https://example.org/marker/rec-1"
    assert found["container-title"] == "How to use the marker"
    assert found["version"] == "2.1"


@pytest.mark.parametrize("slot", ["title", "part", "publisher", "version"])
def test_no_value_begins_a_field_of_its_own(slot: str) -> None:
    found = cited(**{slot: HOSTILE})
    lines = found.ris.split("\n")
    assert lines[-1] == "ER  - "
    assert all(line[2:6] == "  - " for line in lines)
    assert sum(line.startswith(("AU", "ER")) for line in lines) == 2
    (read_back,) = json.loads(found.csl)
    assert read_back["author"] == [{"literal": "The encoders"}]
    calm = cited(**{slot: "calm"})
    assert found.bibtex.count("\n") == calm.bibtex.count("\n")
    assert balanced(found.bibtex)


def balanced(text: str) -> bool:
    """Whether braces that are not escaped open and close as they should."""
    depth, place = 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth < 0:
            return False
        place += 1
    return depth == 0


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mailto:a.b+c@example.org", "mailto:a.b+c@example.org?subject=x%3A%20%22y%22%20%26"),
        ("https://example.org/new", "https://example.org/new?title=x%3A%20%22y%22%20%26"),
        ("https://example.org/?a=1#b", "https://example.org/?a=1&title=x%3A%20%22y%22%20%26#b"),
        ("mailto:a@example.org?bcc=eve@example.net", None),
        ("mailto:a@example.org,eve@example.net", None),
        ("mailto:a@example.org%0Abcc:x", None),
        ("", "mailto:?subject=x%3A%20%22y%22%20%26"),
        ("mailto:", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//example.org", None),
        ("https://user@example.org/", None),
    ],
)
def test_problems_are_reported_to_one_mailbox_or_one_page(address: str, told: str | None) -> None:
    assert reporting(address, 'x:  "y"\n&') == told


def test_no_subject_leaves_its_place() -> None:
    way = reporting("mailto:a@example.org", "x&bcc=eve@example.net\r\nBcc: z#?\u202e\ud800")
    assert way is not None
    assert way.count("?") == 1
    assert "&" not in way
    assert "\n" not in way
