"""What can be wrong with what people type, in words: the findings N1xx."""

from __future__ import annotations

from guidegraph.diagnostic import Diagnostic, Location, Severity

MARKS = (
    "A point parts decimals in some countries and thousands in others; a guess could be wrong by a "
    "factor of a thousand."
)
"""Why a mark in a number is asked about."""


def fault(code: str, message: str, hint: str, why: str | None = None) -> Diagnostic:
    """A finding about one answer; whoever knows the file and the line adds the place."""
    return Diagnostic(code=code, severity=Severity.ERROR, message=message, why=why, help=hint)


def two_numbers(typed: str, readings: tuple[str, str]) -> Diagnostic:
    """A point or comma that may part the decimals or the thousands."""
    return fault(
        "N101",
        f"`{typed}` can be read in two ways: {readings[0]} or {readings[1]}?",
        f"Write `{readings[0]}` or `{readings[1]}`, without marks between thousands. Where all "
        "numbers are typed in one way, say so: `--decimal point` or `--decimal comma`.",
        MARKS,
    )


def thousands(typed: str, meant: str) -> Diagnostic:
    """Marks between thousands, which only a country's habit tells from decimals."""
    return fault(
        "N101",
        f"`{typed}` has marks between thousands: is {meant} meant?",
        f"Write `{meant}`. Where all numbers are typed in one way, say so: `--decimal point` or "
        "`--decimal comma`.",
        MARKS,
    )


def no_number(typed: str, wanted: str, hint: str) -> Diagnostic:
    """Something that is not a number in figures."""
    return fault("N102", f"`{typed}` is not {wanted}.", hint)


def no_date(typed: str, hint: str) -> Diagnostic:
    """A day that is not told, or may be two days."""
    return fault(
        "N103",
        f"`{typed}` is not a date that can be read in one way.",
        hint,
        "03/04/2026 is a day in April for some and a day in March for others.",
    )


def no_truth(typed: str) -> Diagnostic:
    """Neither yes nor no."""
    return fault(
        "N104", f"`{typed}` is neither yes nor no.", "Answer yes or no; leave it out if not known."
    )


def nothing_called(typed: str, wanted: str, hint: str) -> Diagnostic:
    """A name that nothing has."""
    return fault("N105", f"There is no {wanted} called `{typed}`.", hint)


def several_called(typed: str, names: str) -> Diagnostic:
    """A name that several things have."""
    return fault(
        "N106",
        f"Several things are called `{typed}`.",
        f"Say which one is meant, by the name it has in the files: {names}.",
    )


def another_kind(typed: str, is_a: str, wanted: str) -> Diagnostic:
    """A thing of a class that does not belong here."""
    return fault(
        "N107",
        f"`{typed}` is not what is wanted here: it is a {is_a}.",
        f"Name a {wanted}.",
    )


def unseen(typed: str, sign: str) -> Diagnostic:
    """A character that cannot be seen, or that turns the direction of writing."""
    shown = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in typed)
    return fault(
        "N108",
        f"This text holds a character that cannot be seen ({sign}): `{shown[:60]}`.",
        "Type the words anew, or paste them without formatting.",
        "Two texts that look the same would be different ones, or read in another order than they "
        "are shown.",
    )


def markup(tags: str, plain: str) -> Diagnostic:
    """Words pasted together with their HTML."""
    return fault(
        "N109",
        f"This text holds HTML: {tags}.",
        f"Paste it without formatting, or type the words: `{plain}`.",
        "Tags would be shown as they stand, and what they mean (such as a superscript) would be "
        "lost.",
    )


def unfit(message: str, hint: str) -> Diagnostic:
    """A value that a shape does not allow."""
    return fault("N110", message, hint)


def no_language(typed: str) -> Diagnostic:
    """The name of a language where its code is wanted."""
    return unfit(f"`{typed}` is not the code of a language.", "Use `en`, `nl`, `de`, `en-GB`.")


def incomplete_quantity(typed: str) -> Diagnostic:
    """A number without a unit, or the other way round."""
    return fault(
        "N111",
        f"`{typed}` is not a number with its unit.",
        "Write both, with a space between: `50 ug/L`; for scores, counts and ratios the unit is "
        "`1`.",
    )


def too_many(label: str) -> Diagnostic:
    """Several values where one fits."""
    return fault("N112", f"“{label}” has one value, and several are given.", "Keep one of them.")


def missing(label: str, hint: str) -> Diagnostic:
    """A question that must be answered."""
    return fault("N113", f"“{label}” is not answered.", hint)


def unknown_field(name: str, hint: str) -> Diagnostic:
    """A name of a field that the form does not have."""
    return fault("N114", f"There is no field called `{name}` here.", hint)


def unusable_name(name: str, reason: str, hint: str) -> Diagnostic:
    """A name that the new thing cannot have."""
    return fault("N115", f"The new thing cannot be called `{name}`: {reason}.", hint)


def no_iri(typed: str) -> Diagnostic:
    """Something that is not an address on the web."""
    return fault(
        "N116",
        f"`{typed}` is not a full web address.",
        "Write it with its beginning and without spaces: `https://example.org/page`.",
    )


def no_json(reason: str, at: Location) -> Diagnostic:
    """A file of answers that cannot be read."""
    return Diagnostic(
        code="N117",
        severity=Severity.ERROR,
        message=f"The answers cannot be read: {reason}.",
        at=at,
        help="Write one JSON object, each field with its value: "
        '`{"label": "...", "statement": "..."}`.',
    )
