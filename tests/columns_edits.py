"""Random changes of the text of a Turtle file, as people and programs make them."""

from __future__ import annotations

from random import Random


def edited(rng: Random, text: str) -> str:
    """A text after a change: lines or characters gone, moved, doubled, exchanged or put in."""
    lines = text.splitlines(keepends=True) or [""]
    for _ in range(rng.choice((1, 1, 2))):
        rng.choice((_without, _moved, _doubled, _spaced, _numbers, _put))(rng, lines)
    return "".join(lines)


def _without(rng: Random, lines: list[str]) -> None:
    first = rng.randrange(len(lines) + 1)
    del lines[first : first + rng.randrange(1, 4)]


def _moved(rng: Random, lines: list[str]) -> None:
    if lines:
        lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))


def _doubled(rng: Random, lines: list[str]) -> None:
    if lines:
        lines.insert(rng.randrange(len(lines)), rng.choice(lines))


def _spaced(rng: Random, lines: list[str]) -> None:
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(("\n", "# A remark.\n", "#.\n")))


def _numbers(rng: Random, lines: list[str]) -> None:
    at = rng.randrange(len(lines) or 1)
    old, new = rng.choice((("1", "2"), ("7", "1.0"), ("a", "b"), ("n1", "n2"), ('"', "'")))
    lines[at : at + 1] = [each.replace(old, new) for each in lines[at : at + 1]]


def _put(rng: Random, lines: list[str]) -> None:
    new = ("<x:s> <x:p> _:n1 .\n", "[] <x:p> ( 1 [ <x:q> _:n2 ] ) .\n", "_:n1 <x:p> 1 .\n")
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(new))
