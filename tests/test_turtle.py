"""The text of Turtle files: what stands where, its canonical form, and changing it in place."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conftest import REPOSITORY
from guidegraph.errors import TurtleError, UsageError
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename, rewritten
from guidegraph.turtle.document import Document
from guidegraph.turtle.layout import formatted
from guidegraph.turtle.tokens import comments
from guidegraph.turtle.values import (
    RDF_TYPE,
    XSD_DECIMAL,
    XSD_INTEGER,
    Blank,
    Iri,
    Literal,
    Part,
    Sequence,
    key,
)
from turtle_texts import D, E, Facts, Maker, some_change, some_value

SHIPPED = sorted(
    each
    for folder in ("guideline", "ontology")
    for each in (REPOSITORY / folder).rglob("*.ttl")
    if "build" not in each.relative_to(REPOSITORY).parts
)
HEAD = f"@prefix d: <{D}> .\n@prefix e: <{E}> .\n\n"

few = settings(max_examples=60, deadline=None)
many = settings(max_examples=3000, deadline=None)
seeds = st.integers(0, 2**32)


def parsed(text: str) -> Document:
    return Document.parse(text, "a.ttl")


def after(body: str, *changes: Change) -> str:
    """A body of blocks after changes, without the prefixes."""
    text = rewritten(parsed(HEAD + body), changes).text
    assert text.startswith(HEAD)
    parsed(text)
    return text.removeprefix(HEAD)


def decimal(lexical: str) -> Literal:
    return Literal(lexical, XSD_DECIMAL)


# ---- reading ---------------------------------------------------------------------------------


def test_every_character_of_a_file_belongs_to_something():
    for path in SHIPPED:
        text = path.read_bytes().decode()
        assert parsed(text).text == text


def test_a_thing_is_described_as_it_is_written():
    found = parsed(
        HEAD
        + 'd:x a e:C ; e:p 1000.00 , 007 , "a\\"b"@en-GB , [ e:v true ] , ( 1 d:y ) , _:n .\n'
        + "\nd:y a e:C .\n\nd:x e:p 1000.00 , 1 .\n"
    )
    assert found.subjects == (D + "x", D + "y")
    assert found.describe(D + "x") == {
        RDF_TYPE: (Iri(E + "C"),),
        E + "p": (
            decimal("1000.00"),
            Literal("007", XSD_INTEGER),
            Literal('a"b', language="en-GB"),
            Part(((E + "v", Literal("true", "http://www.w3.org/2001/XMLSchema#boolean")),)),
            Sequence((Literal("1", XSD_INTEGER), Iri(D + "y"))),
            Blank("n"),
            Literal("1", XSD_INTEGER),
        ),
    }
    assert found.lines(D + "x") == ((4, 4), (8, 8))
    assert found.describe(D + "nothing") == {}
    assert found.prefixes == {"d": D, "e": E}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end):
    text = (HEAD + 'd:x a e:C ;\n  e:p 1 . # c\n# above\nd:y e:p """a b""" .').replace("\n", end)
    found = parsed("\ufeff" + text)
    assert (found.lines(D + "x"), found.lines(D + "y")) == (((4, 5),), ((7, 7),))


def test_names_are_read_as_the_parser_reads_them():
    text = "@base <http://h/a/b> .\n@prefix é.x: <c#> .\né.x:a\\,b <../%41> <\\u0061x:y> , é.x: ."
    assert parsed(text).describe("http://h/a/c#a,b") == {
        "http://h/%41": (Iri("ax:y"), Iri("http://h/a/c#")),
    }


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("d:x a 1", "R010", 4),
        ("d:x a d:C .\nd:y d:p << d:x a d:C >> .", "W001", 5),
        ("d:x d:p d:y {| d:p 1 |} .", "W001", 4),
        ('VERSION "1.2"\nd:x d:p 1 .', "W001", 4),
        ("d:x d:p " + "[ d:p " * 120 + "1" + " ]" * 120 + " .", "W001", 4),
        ('d:x d:p "\ud800" .', "R010", 4),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(text, code, line):
    with pytest.raises(TurtleError) as refused:
        parsed(HEAD + text)
    finding = refused.value.findings[0]
    assert (finding.code, finding.at.file, finding.at.line) == (code, "a.ttl", line)


def test_a_value_says_the_same_in_another_order_and_another_case():
    one = Part(((D + "p", decimal("1")), (D + "q", Literal("x", language="en-GB"))))
    other = Part(((D + "q", Literal("x", language="en-gb")), (D + "p", decimal("1"))))
    assert key(one) == key(other) != key(Part(((D + "p", decimal("1.0")),)))


def test_a_large_file_is_taken_apart_quickly():
    text = max((each.read_bytes().decode() for each in SHIPPED), key=len)
    begin = time.process_time()
    found = parsed(text)
    taken = time.process_time() - begin
    begin = time.process_time()
    rewritten(found, [Put(found.subjects[5], D + "p", (Literal("x"),))])
    assert taken < 2
    assert time.process_time() - begin < 0.5


# ---- canonical form ----------------------------------------------------------------------------

UNTIDY = """
# A file.
@prefix d: <https://example.org/d/>.
PREFIX   e:  <https://example.org/e#>   # e
d:x e:p 1.50,2 ;e:label 'it' ; rdf:type e:C; # of class C
  # above q


  e:q [ a e:Q;e:v 500.0 ;e:u d:u],[];;.


# ---- heading ----
# about y
d:y
  e:long "a text of more than fifty characters, to be exact"@en ,
     "another of more than forty characters"@nl ;
  e:part [ a e:Part ; e:first "something that takes a good deal of room" ;
    e:second "something else" ; e:third true ; e:fourth ( 1 2
    3 ) ] .
d:x e:p 1.50 . # again
"""

TIDY = """\
# A file.
@prefix d: <https://example.org/d/> .
PREFIX e: <https://example.org/e#>  # e

d:x a e:C ;  # of class C
  e:p 1.50 , 2 ;
  e:label 'it' ;
  # above q
  e:q [ a e:Q ; e:v 500.0 ; e:u d:u ] , [] .

# ---- heading ----
# about y
d:y
  e:long "a text of more than fifty characters, to be exact"@en ,
    "another of more than forty characters"@nl ;
  e:part [
    a e:Part ; e:first "something that takes a good deal of room" ;
    e:second "something else" ; e:third true ; e:fourth ( 1 2 3 ) ] .

d:x e:p 1.50 .  # again
"""


def test_the_canonical_form_of_an_untidy_file():
    untidy = UNTIDY.replace("rdf:type", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>")
    expected = TIDY.replace("d:x e:p 1.50 .  #", "d:x\n  e:p 1.50 .  #")
    assert formatted(parsed(untidy)) == expected


def test_parts_that_do_not_fit_follow_one_another():
    word = '"something that takes a good deal of room on its line"'
    body = f"d:x e:p [ e:a {word} ; e:b {word} ],[ e:a 1;\ne:b {word} ; e:c {word}].\n"
    assert formatted(parsed(HEAD + body)).removeprefix(HEAD) == (
        f"d:x\n  e:p [\n    e:a {word} ;\n    e:b {word} ] , [\n"
        f"    e:a 1 ;\n    e:b {word} ;\n    e:c {word} ] .\n"
    )


def test_comments_in_odd_places_are_kept_beside_what_they_belong_to():
    body = """d:x # subject
  # above p
  e:p # verb
    1 # one
    , # after the comma
    # above two
    2 # two
    ; # after two
  e:q [ # open
    e:v 1 # inside
    # last inside
  ] # after the part
  # at the end
  . # stop
"""
    assert (
        formatted(parsed(HEAD + body)).removeprefix(HEAD)
        == """d:x  # subject
  # above p
  e:p  # verb
    1 ,  # one
    # after the comma
    # above two
    2 ;  # two
  # after two
  e:q [  # open
    e:v 1 ;  # inside
    # last inside
  ] ;  # after the part
  # at the end
  .  # stop
"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("\ufeff", "\ufeff"),
        ("\n\n# only\n\n\n\n# comments", "# only\n\n# comments\n"),
        ("\ufeff<a:b> <a:p> 1.", "\ufeff<a:b>\n  <a:p> 1 .\n"),
        ("<a:b> a <a:C>.\r\n<a:c> a <a:C>.", "<a:b> a <a:C> .\r\n\r\n<a:c> a <a:C> .\r\n"),
        ("[ a <a:C> ] .", "[ a <a:C> ] .\n"),
        ("<a:b> a a:C .".replace("a:C", "<a:C>"), "<a:b> a <a:C> .\n"),
    ],
)
def test_small_and_odd_files_have_a_canonical_form(text, expected):
    assert formatted(parsed(text)) == expected
    assert formatted(parsed(expected)) == expected


def hold_format(text: str) -> Document:
    """The canonical form says the same, keeps every comment, and is its own canonical form."""
    document = parsed(text)
    again = parsed(formatted(document))
    assert formatted(again) == again.text
    assert Facts.of(text).canonical() == Facts.of(again.text).canonical()
    assert remarks(text) == remarks(again.text)
    blocks = [(each, len(document.blocks(each))) for each in document.subjects]
    assert blocks == [(each, len(again.blocks(each))) for each in again.subjects]
    return again


def remarks(text: str) -> list[str]:
    return sorted(each.text for each in comments(text.removeprefix("\ufeff")))


@given(seeds)
@few
def test_the_canonical_form_says_the_same(seed):
    hold_format(Maker(Random(seed)).text())


@pytest.mark.slow
@given(seeds)
@many
def test_the_canonical_form_says_the_same_of_many(seed):
    hold_format(Maker(Random(seed)).text())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda each: f"{each.parent.name}-{each.stem}")
def test_the_canonical_form_of_a_shipped_file_says_the_same(path):
    document = parsed(path.read_bytes().decode())
    again = parsed(formatted(document))
    assert formatted(again) == again.text
    assert remarks(document.text) == remarks(again.text)
    for each in document.subjects:
        assert values(document, each) == values(again, each)


def values(document: Document, iri: str) -> dict[str, list[object]]:
    return {p: [key(each) for each in found] for p, found in document.describe(iri).items()}


# ---- changing in place -------------------------------------------------------------------------

BLOCK = """\
# about x
d:x a e:C ;
  e:label "one"@en , 'een'@nl ; # two languages
  # the limit
  e:limit [ a e:Q ; e:v 500.0 ; e:u d:u ] ;
  e:last d:y .

d:y a e:C .
"""


def test_a_changed_number_inside_a_part_changes_only_its_characters():
    new = Part(((RDF_TYPE, Iri(E + "Q")), (E + "u", Iri(D + "u")), (E + "v", decimal("600.00"))))
    assert after(BLOCK, Put(D + "x", E + "limit", (new,))) == BLOCK.replace("500.0", "600.00")


def test_unchanged_values_keep_their_spelling():
    put = Put(D + "x", E + "label", (Literal("een", language="NL"), Literal("ONE", language="en")))
    assert after(BLOCK, put) == BLOCK.replace('"one"', '"ONE"')


def test_putting_what_is_there_changes_nothing():
    document = parsed(HEAD + BLOCK)
    puts = [
        Put(subject, predicate, tuple(reversed(found)))
        for subject in document.subjects
        for predicate, found in document.describe(subject).items()
    ]
    assert rewritten(document, puts).text == document.text


@pytest.mark.parametrize(
    ("predicate", "old", "new"),
    [
        ("label", "  e:label \"one\"@en , 'een'@nl ; # two languages\n", ""),
        ("limit", "  e:limit [ a e:Q ; e:v 500.0 ; e:u d:u ] ;\n", ""),
        ("last", " ;\n  e:last d:y .", " ."),
    ],
)
def test_a_property_goes_with_its_line(predicate, old, new):
    assert after(BLOCK, Put(D + "x", E + predicate, ())) == BLOCK.replace(old, new)


def test_the_class_goes_and_comes_back():
    without = after(BLOCK, Put(D + "x", RDF_TYPE, ()))
    assert without == BLOCK.replace("d:x a e:C ;", "d:x")
    assert after(without, Put(D + "x", RDF_TYPE, (Iri(E + "C"),))) == BLOCK


def test_the_last_property_takes_the_block_with_it():
    assert after(BLOCK, Put(D + "y", RDF_TYPE, ())) == BLOCK.removesuffix("\nd:y a e:C .\n")


def test_a_new_property_stands_where_the_others_have_it():
    body = "d:a a e:C ;\n  e:p 1 ;\n  e:q 2 ;\n  e:r 3 .\n\nd:b a e:C ;\n  e:p 1 ;\n  e:r 3 .\n"
    assert after(body, Put(D + "b", E + "q", (decimal("2.0"),))) == body.replace(
        "  e:p 1 ;\n  e:r", "  e:p 1 ;\n  e:q 2.0 ;\n  e:r"
    )
    unknown = after(body, Put(D + "b", "urn:x:y", (Literal("z"),)))
    assert unknown == body.removesuffix(".\n") + ';\n  <urn:x:y> "z" .\n'


@pytest.mark.parametrize(
    ("body", "put", "expected"),
    [
        ("d:x a e:C; e:p 1; e:q 2.\n", (E + "q", ()), "d:x a e:C; e:p 1.\n"),
        ("d:x a e:C; e:p 1.\n", (E + "p", ("1", "2")), "d:x a e:C; e:p 1 , 2.\n"),
        ("d:x a e:C; e:p 1.\n", (E + "q", ("2",)), "d:x a e:C; e:p 1; e:q 2.\n"),
        (
            "d:x a e:C\n  ; e:p 1 # c\n  .\n",
            (E + "q", ("2",)),
            "d:x a e:C\n  ; e:p 1 # c\n  ; e:q 2\n  .\n",
        ),
        (
            "d:x\n\ta e:C ;\n\te:p 1 ;\n.\n",
            (E + "q", ("2",)),
            "d:x\n\ta e:C ;\n\te:p 1 ;\n\te:q 2 ;\n.\n",
        ),
        (
            "d:x a e:C;\n    e:p 1. # c\n",
            (E + "q", ("2",)),
            "d:x a e:C;\n    e:p 1; # c\n    e:q 2.\n",
        ),
        ('d:x e:p"a","b".\n', (E + "p", ("1", "2")), "d:x e:p 1,2.\n"),
        ("d:x e:p 1,\n  2,\n  3 .\n", (E + "p", ("1", "3")), "d:x e:p 1,\n  3 .\n"),
        ("d:x e:p 1,\n  2 .\n", (E + "p", ("1", "2", "3")), "d:x e:p 1,\n  2,\n  3 .\n"),
        ("d:x e:p 1 , 1 .\nd:x e:p 1 .\n", (E + "p", ("2",)), "d:x e:p 2 .\n"),
    ],
)
def test_new_text_follows_the_hand_of_the_author(body, put, expected):
    predicate, lexicals = put
    literals = tuple(Literal(each, XSD_INTEGER) for each in lexicals)
    assert after(body, Put(D + "x", predicate, literals)) == expected


def test_a_part_keeps_what_it_has():
    body = "d:x e:p [ a e:Q ; e:v 1.50 ; # one and a half\n    e:u <https://example.org/d/u> ] .\n"
    part = Part(((RDF_TYPE, Iri(E + "Q")), (E + "v", decimal("1.50")), (E + "w", Iri(D + "w"))))
    assert after(body, Put(D + "x", E + "p", (part,))) == (
        "d:x e:p [ a e:Q ; e:v 1.50 ; # one and a half\n    e:w d:w ] .\n"
    )


def test_a_member_of_a_sequence_changes_alone():
    body = "d:x e:p ( 1.0 'two' [ e:v 3 ] ) .\n"
    members = (decimal("1.0"), Literal("zwei"), Part(((E + "v", decimal("4.0")),)))
    assert after(body, Put(D + "x", E + "p", (Sequence(members),))) == (
        'd:x e:p ( 1.0 "zwei" [ e:v 4.0 ] ) .\n'
    )
    assert after(body, Put(D + "x", E + "p", (Sequence(members[:1]),))) == "d:x e:p ( 1.0 ) .\n"


def test_a_new_thing_stands_after_the_one_it_belongs_to():
    made = Create(D + "n", ((E + "p", (Literal("a"),)), (RDF_TYPE, (Iri(E + "C"),))), after=D + "x")
    new = 'd:n a e:C ;\n  e:p "a" .\n'
    assert after(BLOCK, made) == BLOCK.replace("d:y .\n\n", f"d:y .\n\n{new}\n")
    assert after(BLOCK, Create(D + "n", made.statements)) == f"{BLOCK}\n{new}"
    assert after("d:y a e:C .", Create(D + "n", made.statements)) == f"d:y a e:C .\n\n{new}"
    assert after("", Create(D + "n", made.statements)) == new


def test_a_removed_thing_goes_with_the_comments_directly_above_it():
    body = "# ---- a ----\n\n# about x\n" + BLOCK + "\n# ---- b ----\nd:z a e:C .\n"
    assert (
        after(body, Remove(D + "x"))
        == "# ---- a ----\n\nd:y a e:C .\n\n# ---- b ----\nd:z a e:C .\n"
    )
    assert after(body, Remove(D + "z")).endswith("d:y a e:C .\n\n# ---- b ----\n")
    assert after(body, Remove(D + "y")).endswith("e:last d:y .\n\n# ---- b ----\nd:z a e:C .\n")
    assert after(body, Remove(D + "unknown")) == body


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("between", ["", " "])
def test_a_comment_that_comes_to_the_end_swallows_nothing(end, between):
    body = f"d:x a e:C ; # kept{end}  d:p d:y .{between}d:z a e:C .{end}"
    assert after(body, Put(D + "x", D + "p", ())).split() == (
        ["d:x", "a", "e:C", ".", "#", "kept", "d:z", "a", "e:C", "."]
    )
    found = parsed(HEAD + after(body, Put(D + "x", D + "p", ())))
    assert found.subjects == (D + "x", D + "z")


def test_another_name_is_written_wherever_the_old_one_stands():
    body = 'd:x a e:C ;\n  d:p "d:x" , d:x , [ d:x <https://example.org/d/x> ] , "1"^^d:x . # d:x\n'
    assert after(body, Rename(D + "x", E + "new")) == (
        'e:new a e:C ;\n  d:p "d:x" , e:new , [ e:new e:new ] , "1"^^e:new . # d:x\n'
    )
    assert after(body, Rename(D + "x", "https://other.org/a b".replace(" ", "/"))).startswith(
        "<https://other.org/a/b> a"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Put(D + "x", E + "p", (Literal("half \ud83d"),)), "W002"),
        (Put(D + "x", E + "p", (Literal("x", language="not a tag"),)), "W002"),
        (Put(D + "x", E + "p", (Iri("no scheme"),)), "W002"),
        (Put(D + "x", E + "p", (Iri("https://a/<script>"),)), "W002"),
        (Put(D + "x", E + "p", (Blank("n"),)), "W002"),
        (Put(D + "x", "relative", (Literal("x"),)), "W002"),
        (Create(D + "x", ((RDF_TYPE, (Iri(E + "C"),)),)), "W003"),
        (Create(D + "n", ()), "W003"),
        (Rename(D + "x", D + "y"), "W003"),
        (Rename(D + "x", "a b"), "W002"),
    ],
)
def test_what_cannot_be_written_is_refused(change, code):
    with pytest.raises(UsageError) as refused:
        after(BLOCK, change)
    assert [each.code for each in refused.value.findings] == [code]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", "en"]))
@few
def test_any_text_comes_back_as_it_was_given(text, language):
    value = Literal(text, language=language)
    body = after(BLOCK, Put(D + "y", E + "p", (value,)))
    assert parsed(HEAD + body).describe(D + "y")[E + "p"] == (value,)
    assert len(body.splitlines()) <= len(BLOCK.splitlines()) + 1


def test_line_ends_and_byte_order_mark_are_kept():
    text = ("\ufeff" + HEAD + BLOCK).replace("\n", "\r\n")
    found = rewritten(parsed(text), [Put(D + "y", E + "p", (Literal("a\nb"),))]).text
    assert found == text.replace("d:y a e:C .\r\n", 'd:y a e:C ;\r\n  e:p "a\\nb" .\r\n')


def test_a_canonical_block_stays_canonical():
    text = formatted(parsed(HEAD + BLOCK))
    long = tuple(Iri(f"{D}thing-with-a-long-name-{n}") for n in range(5))
    found = rewritten(parsed(text), [Put(D + "x", E + "last", long)])
    assert formatted(found) == found.text


# ---- random changes ----------------------------------------------------------------------------


def hold_changes(random: Random, document: Document, number: int) -> None:
    """After each change the file says what it should, and other things stay as they are."""
    for _ in range(number):
        change = some_change(random, document)
        assume(not isinstance(change, Rename) or change.new not in document.subjects)
        try:
            found = rewritten(document, [change])
        except UsageError as refused:
            assert "has no name outside its file" in str(refused)
            assume(False)
        again = parsed(found.text)
        assert again.subjects == found.subjects
        expected = Facts.of(document.text).after(change)
        assert Facts.of(found.text).canonical() == expected.canonical()
        hold_untouched(document, again, change)
        document = found


def hold_untouched(before: Document, after: Document, change: Change) -> None:
    if isinstance(change, Rename):
        mentions = change.old
        same = [each for each in before.pieces if mentions not in spelled_out(each, before)]
        assert [each.text for each in same if each.text in after.text] == [e.text for e in same]
        return
    left, right = outside(before, change.subject), outside(after, change.subject)
    if after.blocks(change.subject) and len(before.blocks(change.subject)) == len(
        after.blocks(change.subject)
    ):
        assert left == right
    else:  # blank lines and comments directly above may go with a block or come with one
        assert bare(left) == bare(right)


def spelled_out(piece: object, document: Document) -> str:
    """A text that contains every name that a piece may mean."""
    text = str(getattr(piece, "text", "")).replace("\\", "")
    names = getattr(piece, "names", None)
    spelled = [text]
    if names is not None:
        spelled += [text.replace(f"{prefix}:", iri) for prefix, iri in names.prefixes.items()]
        spelled.append(text.replace("<f>", "<https://example.org/base/f>"))
        spelled.append(text.replace("^^xsd:date", "^^<http://www.w3.org/2001/XMLSchema#date>"))
    return "\n".join(spelled)


def outside(document: Document, iri: str) -> list[str]:
    """What does not belong to the blocks of a thing."""
    own = {id(each) for each in document.blocks(iri)}
    return [
        text for each in document.pieces if id(each) not in own and (text := each.text.strip(" "))
    ]


def bare(texts: list[str]) -> list[str]:
    lines = [line.strip() for text in texts for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@given(seeds)
@few
def test_random_changes_do_what_they_say_and_nothing_more(seed):
    random = Random(seed)
    hold_changes(random, parsed(Maker(random).text()), 2)


@pytest.mark.slow
@given(seeds)
@many
def test_many_random_changes_do_what_they_say_and_nothing_more(seed):
    random = Random(seed)
    hold_changes(random, parsed(Maker(random).text()), 3)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda each: f"{each.parent.name}-{each.stem}")
def test_random_changes_to_shipped_files(path):
    document = parsed(path.read_bytes().decode())
    random = Random(path.name)
    triples = Facts.of(document.text)
    for _ in range(4):
        subject = random.choice(document.subjects)
        said = document.describe(subject)
        predicate = random.choice([*said])
        kept = said[predicate][: random.randrange(3)]
        change = Put(subject, predicate, (*kept, some_value(random)))
        document = rewritten(document, [change])
        triples = triples.after(change)
    found = parsed(document.text)
    assert counts(Facts.of(found.text)) == counts(triples)


def counts(facts: Facts) -> dict[str, int]:
    """How often each name and each value stands in the facts, without the blank nodes."""
    found: dict[str, int] = {}
    for each in facts.triples:
        line = " ".join("_:" if str(term).startswith("_:") else str(term) for term in each)
        found[line] = found.get(line, 0) + 1
    return found


# ---- what is written anew ------------------------------------------------------------------------


def test_many_changes_at_once_are_those_one_by_one():
    random = Random(7)
    document = parsed(HEAD + BLOCK)
    changes = [
        Put(D + "x", E + "limit", (decimal("1.0"),)),
        Create(D + "n", ((RDF_TYPE, (Iri(E + "C"),)),), after=D + "x"),
        Put(D + "n", E + "p", (some_value(random, 0),)),
        Rename(D + "n", D + "m"),
        Remove(D + "y"),
    ]
    one_by_one = document
    for change in changes:
        one_by_one = parsed(rewritten(one_by_one, [change]).text)
    assert rewritten(document, changes).text == one_by_one.text


def hold_canonical(seed: int) -> None:
    """Changes to a canonical file give a canonical file."""
    random = Random(seed)
    document = parsed(formatted(parsed(Maker(random).text())))
    change = some_change(random, document)
    assume(not isinstance(change, Rename) or change.new not in document.subjects)
    try:
        found = rewritten(document, [change])
    except UsageError:
        assume(False)
    assert formatted(found) == found.text


@given(seeds)
@few
def test_what_was_canonical_stays_canonical(seed):
    hold_canonical(seed)


@pytest.mark.slow
@given(seeds)
@many
def test_what_was_canonical_stays_canonical_of_many(seed):
    hold_canonical(seed)


@pytest.mark.parametrize(
    ("body", "change", "expected"),
    [
        (
            "d:x e:p 5.d:y e:p 6.",
            Put(D + "x", E + "p", (Iri(D + "q"),)),
            "d:x e:p d:q. d:y e:p 6.",
        ),
        (
            'd:x e:p"a"."""no comment""" .'.replace('"""no comment""" .', "d:y e:p 6."),
            Put(D + "x", E + "p", (Literal("1e3", "http://www.w3.org/2001/XMLSchema#double"),)),
            "d:x e:p 1e3 . d:y e:p 6.",
        ),
        (
            "d:x e:a 1 ; e:p 5 # five\n  .\n",
            Put(D + "x", E + "q", (decimal("1.0"),)),
            "d:x e:a 1 ; e:p 5 ; # five\n  e:q 1.0\n  .\n",
        ),
        (
            "d:x e:p [] , [] .\n",
            Put(D + "x", E + "p", (Part(), Part(), Part())),
            "d:x e:p [] , [] , [] .\n",
        ),
        (
            "d:x e:p [ e:a 1 , 1 ; e:b 2 ] .\n",
            Put(D + "x", E + "p", (Part(((E + "a", Literal("1", XSD_INTEGER)),)),)),
            "d:x e:p [ e:a 1 , 1 ] .\n",
        ),
    ],
)
def test_words_never_grow_together_and_nothing_falls_into_a_comment(body, change, expected):
    assert after(body, change) == expected
