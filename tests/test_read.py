"""Reading: every triple at its place, every fault at its line, and nothing ever raised."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.compare import isomorphic

from guidegraph.diagnostic import Location, Severity
from guidegraph.read import folder as folders
from guidegraph.read import read, turtle
from guidegraph.read.recovery import MOST, recover
from guidegraph.turtle.tokens import next_statement

D = "https://example.org/guideline/test/"
PREFIX = f"@prefix d: <{D}> .\n"
EVERYTHING = """\
@prefix d: <https://example.org/guideline/test/> .
PREFIX x: <http://www.w3.org/2001/XMLSchema#>
d:a a d:X , d:Y ;
  d:p 007 , 1.50 ,
      [ a d:Q ;
        d:v ( 1
   2 [ d:z true ] () ) ] ;
  d:q \"\"\"long "quoted"
d:no a d:Statement .
\"\"\" , 'x'@en-GB , "2020-01-01"^^x:date ; ; .
# a comment with "quotes" and . stops
[] d:p d:b .
[ a d:R ] .
( d:a d:b ) d:p () .
_:x d:p _:x , -0.0000001 , 1e5 , d:c\\,d .
d:été d:p "é \U0001f600 \\u00b5" , d:after .
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write files (text or bytes) into the folder ``g`` and read it."""
    monkeypatch.chdir(tmp_path)

    def reading(**files: str | bytes):
        folder = tmp_path / "g"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (folder / f"{name}.ttl").write_bytes(data)
        return read(Path("g"))

    return reading


def node(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(D + name)


def faults(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of every fault of a text that follows the prefix line."""
    found = recover(PREFIX + text, "f.ttl", "b").findings
    assert all(each.at and each.help for each in found)
    return [(each.code, each.at.line, each.at.column) for each in found]


def place_of(sources, value: rdflib.term.Node) -> Location:
    [place] = [at for triple, at in sources.places.items() if triple[2] == value]
    return place


# ---- graph and places ----------------------------------------------------------------------------


def test_graph_is_the_one_that_rdflib_reads(monkeypatch):
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    text = EVERYTHING.replace("007", "7").replace("-0.0000001", "-0.5").replace("1e5", "1.5e0")
    parsed = turtle.parse(text, "f.ttl", "b")
    plain = rdflib.Graph().parse(data=text, format="turtle")
    assert len(plain) > 25
    read_here = rdflib.Graph()
    for triple in parsed.places:
        read_here.add(triple)
    assert isomorphic(read_here, plain)


def test_every_triple_has_a_place_and_a_verb(write):
    sources = write(a=EVERYTHING)
    assert not sources.findings
    assert set(sources.places) == set(sources.graph) == set(sources.verbs)
    assert all(at.line >= 3 and at.column for at in sources.places.values())


def test_each_object_of_a_long_list_has_its_own_line(write):
    sources = write(
        a=PREFIX + "d:a d:p d:one ,\n  d:two ,\n\n  # note\n    d:three ; d:q d:four .\n"
    )
    assert str(place_of(sources, node("one"))) == "g/a.ttl:2:9"
    assert str(place_of(sources, node("two"))) == "g/a.ttl:3:3"
    assert str(place_of(sources, node("three"))) == "g/a.ttl:6:5"
    assert str(place_of(sources, node("four"))) == "g/a.ttl:6:19"
    assert str(sources.verbs[node("a"), node("q"), node("four")]) == "g/a.ttl:6:15"
    assert str(sources.verbs[node("a"), node("p"), node("three")]) == "g/a.ttl:2:5"


def test_values_inside_blank_nodes_and_lists_have_their_own_place(write):
    sources = write(a=PREFIX + "d:a d:p [\n d:q d:in ] , (\n d:first\n d:second ) .")
    assert str(place_of(sources, node("in"))) == "g/a.ttl:3:6"
    assert str(place_of(sources, node("first"))) == "g/a.ttl:4:2"
    assert str(place_of(sources, node("second"))) == "g/a.ttl:5:2"


def test_places_after_a_long_text_and_windows_line_ends_are_right(write):
    text = 'd:a d:p """one\ntwo\n\nthree""" ,\n "µ\U0001f600" , d:last .\n'
    for name, ends in (("unix", "\n"), ("windows", "\r\n"), ("old", "\r")):
        sources = write(a=(PREFIX + text).replace("\n", ends))
        assert not sources.findings, name
        assert str(place_of(sources, node("last"))) == "g/a.ttl:6:9", name


def test_windows_line_ends_inside_a_text_are_read_as_unix_ones(write):
    sources = write(a=PREFIX + 'd:a d:p """one\r\ntwo""" .')
    assert [str(each) for each in sources.graph.objects()] == ["one\ntwo"]


def test_every_typed_description_of_a_subject_is_listed_with_its_beginning(write):
    sources = write(
        a=PREFIX + "\nd:a a d:X .\n d:b d:p d:a .\nd:c\n  d:p [ a d:Q ] ; a d:X .",
        b=PREFIX + "d:a\n a d:X .",
    )
    assert [str(each) for each in sources.subjects[node("a")]] == ["g/a.ttl:3:1", "g/b.ttl:2:1"]
    assert node("b") not in sources.subjects
    assert [str(each) for each in sources.subjects[node("c")]] == ["g/a.ttl:5:1"]
    [inner] = [each for each in sources.subjects if isinstance(each, rdflib.BNode)]
    assert str(sources.at(inner)) == "g/a.ttl:6:7"
    assert str(sources.at(node("b"))) == "g/a.ttl:4:6"


def test_triples_written_twice_are_kept_once_and_noted(write):
    sources = write(a=PREFIX + "d:a d:p d:b ,\n d:b .", b=PREFIX + "d:a d:p d:b .")
    assert len(sources.graph) == 1
    assert [str(at) for _, at in sources.repeats] == ["g/a.ttl:3:2", "g/b.ttl:2:9"]
    assert str(place_of(sources, node("b"))) == "g/a.ttl:2:9"


def test_literals_keep_the_form_in_which_they_are_written(write):
    written = {"007", "1.50", "-0.0000001", "1e5", "+5", ".5"}
    before = rdflib.NORMALIZE_LITERALS
    sources = write(
        a=PREFIX
        + "@prefix x: <http://www.w3.org/2001/XMLSchema#> .\nd:a d:p 007 , 1.50 , -0.0000001 , "
        '1e5 , +5 , .5 , "PT24H"^^x:duration , "2020-01-01T00:00:00Z"^^x:dateTime .'
    )
    forms = {str(each) for each in sources.graph.objects()}
    assert forms == written | {"PT24H", "2020-01-01T00:00:00Z"}
    assert rdflib.NORMALIZE_LITERALS is before is True
    assert rdflib.Literal("007", datatype=rdflib.XSD.integer) == rdflib.Literal(7)


def test_ill_typed_literals_are_read_without_a_word_in_the_log(write, caplog):
    write(a=PREFIX + 'd:a d:p "x"^^<http://www.w3.org/2001/XMLSchema#decimal> .')
    assert not caplog.records


def test_reading_twice_gives_the_same_blank_nodes(write):
    assert set(write(a=EVERYTHING).graph) == set(read(Path("g")).graph)


def test_blank_nodes_of_two_files_are_different(write):
    sources = write(a=PREFIX + "_:x d:p 1 .", b=PREFIX + "_:x d:p 1 .")
    assert len(sources.graph) == 2


def test_base_and_relative_names_are_resolved(write):
    sources = write(a="@base <https://example.org/guideline/test/> .\n<a> <p> <b> .")
    assert (node("a"), node("p"), node("b")) in sources.graph


def test_ontology_is_read_apart_from_the_guideline_and_once(write):
    first, second = write(a=EVERYTHING), read(Path("g"))
    assert first.ontology is second.ontology
    assert len(first.ontology) > 500
    assert (None, rdflib.RDF.type, rdflib.OWL.Ontology) in first.ontology
    assert not set(first.ontology) & set(first.graph)


def test_reading_opens_no_socket(write, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n" + PREFIX
    sources = write(
        a=text + "d:a owl:imports <http://example.org/far> .", b="@import <http://x/> ."
    )
    assert [each.code for each in sources.findings] == ["R021", "R021"]


# ---- folders and files ---------------------------------------------------------------------------


def codes(sources) -> list[str]:
    return [each.code for each in sources.findings]


@pytest.mark.parametrize("missing", ["nowhere", "no/where", "file.ttl"])
def test_a_folder_that_is_none_is_reported(tmp_path, monkeypatch, missing):
    monkeypatch.chdir(tmp_path)
    Path("file.ttl").write_text(PREFIX)
    sources = read(Path(missing))
    assert codes(sources) == ["R001"]
    assert missing in sources.findings[0].message
    assert len(sources.graph) == 0


def test_a_folder_without_turtle_is_reported(write):
    assert codes(write()) == ["R001"]


def test_hidden_folders_and_build_are_not_read_and_others_are(write, tmp_path):
    for name in ("build", ".git", "more"):
        (tmp_path / "g" / name).mkdir(parents=True)
        (tmp_path / "g" / name / "x.ttl").write_text(PREFIX + f"d:{name.strip('.')} a d:X .")
    sources = write(a=PREFIX + "d:a a d:X .")
    assert sources.files == ("g/a.ttl", "g/more/x.ttl")
    assert set(sources.subjects) == {node("a"), node("more")}


def test_files_are_shown_relative_to_the_current_folder(write, tmp_path, monkeypatch):
    write(a=EVERYTHING)
    assert read(tmp_path / "g").files == ("g/a.ttl",)
    monkeypatch.chdir(tmp_path / "g")
    assert read(Path()).files == ("a.ttl",)
    assert read(Path("../g")).files == ("a.ttl",)


def test_latin_1_is_reported_at_its_byte_and_other_files_are_read(write):
    sources = write(a=PREFIX.encode() + b"d:a\r\n d:p 'caf\xe9' .", b=PREFIX + "d:b a d:X .")
    [found] = sources.findings
    assert (found.code, str(found.at)) == ("R002", "g/a.ttl:3:10")
    assert "0xE9" in found.message
    assert node("b") in sources.subjects


def test_utf_16_is_named(write):
    [found] = write(a=PREFIX.encode("utf-16")).findings
    assert found.code == "R002"
    assert "UTF-16" in found.message


def test_byte_order_mark_is_a_note_and_the_file_is_read(write):
    sources = write(a=b"\xef\xbb\xbf" + (PREFIX + "d:a a d:X .").encode())
    assert [(each.code, each.severity) for each in sources.findings] == [("R004", Severity.NOTE)]
    assert node("a") in sources.subjects


def test_null_bytes_are_reported_at_their_place(write):
    sources = write(a=PREFIX + 'd:a a d:X .\nd:b d:p "a\x00b" .')
    assert [(each.code, str(each.at)) for each in sources.findings] == [("R003", "g/a.ttl:3:11")]
    assert node("a") in sources.subjects


@pytest.mark.parametrize("content", ["", " \n\t\n"])
def test_an_empty_file_is_a_warning(write, content):
    assert codes(write(a=content)) == ["R005"]


def test_a_file_in_another_format_is_a_warning(write, tmp_path):
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "x.jsonld").write_text("{}")
    assert codes(write(a=EVERYTHING)) == ["R006"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_reported(write, tmp_path):
    write(a=EVERYTHING)
    (tmp_path / "g" / "a.ttl").chmod(0)
    assert codes(read(Path("g"))) == ["R001"]


def test_a_file_that_cannot_be_opened_is_reported(write, monkeypatch):
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    [found] = write(a=EVERYTHING).findings
    assert (found.code, found.at) == ("R001", Location("g/a.ttl", 1))
    assert "Permission denied" in found.message


def test_a_huge_file_is_refused_unread(write, monkeypatch):
    monkeypatch.setattr(folders, "LIMIT", 100)
    sources = write(a=EVERYTHING)
    assert codes(sources) == ["R001"]
    assert len(sources.graph) == 0


def test_links_are_not_followed(write, tmp_path):
    folder = tmp_path / "g"
    folder.mkdir()
    (tmp_path / "secret.ttl").write_text(PREFIX + "d:secret a d:X .")
    (folder / "file.ttl").symlink_to(tmp_path / "secret.ttl")
    (folder / "dangling.ttl").symlink_to(tmp_path / "nowhere")
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    sources = write(a=PREFIX + "d:a a d:X .")
    assert codes(sources) == ["R001", "R001", "R001"]
    assert sources.files == ("g/a.ttl",)


# ---- faults and recovery -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d:a d:p 1\nd:b a d:X .", ("R015", 2, 10)),
        ("d:a d:p 1 d:q 2 .", ("R015", 2, 10)),
        ("d:a d:p d:b d:c .", ("R015", 2, 12)),
        ("d:a d:p d:b , .", ("R015", 2, 15)),
        ("d:a d:p ; d:q 1 .", ("R015", 2, 9)),
        ("d:a d:p 1", ("R015", 2, 10)),
        ("d:a d:p 'x'@en", ("R015", 2, 15)),
        ("foo:a d:p 1 .", ("R011", 2, 1)),
        ("skos:a d:p 1 .", ("R011", 2, 1)),
        ("@prefix e <http://e/> .", ("R011", 2, 1)),
        ("@prefix e: <http://e/>\n@prefix f: <http://f/> .", ("R011", 2, 1)),
        ("@PREFIX e: <http://e/> .", ("R011", 2, 1)),
        ('d:a d:p "text .\nd:b a d:X .', ("R012", 2, 9)),
        ('d:a d:p """text .\n\nd:b a d:X .', ("R012", 2, 9)),
        ("d:a d:p 'it's' .", ("R012", 2, 12)),
        (r'd:a d:p "a\q" .', ("R012", 2, 11)),
        ("d:a d:p [ d:q 1 .", ("R013", 2, 9)),
        ("d:a d:p ( 1 2 .", ("R013", 2, 9)),
        ("d:a d:p 1 ] .", ("R013", 2, 11)),
        ("d:a d:p ( 1 ] .", ("R013", 2, 13)),
        ("d:a d:p 5mg .", ("R014", 2, 9)),
        ("d:a d:p 50% .", ("R014", 2, 9)),
        ("d:a d:p 1.000.000 .", ("R014", 2, 9)),
        ("d:a d:p “text” .", ("R016", 2, 9)),
        ("d:a\u00a0d:p 1 .", ("R016", 2, 4)),
        ("d:a d:p ≥5 .", ("R016", 2, 9)),
        ("d:a d:p −5 .", ("R016", 2, 9)),
        ("d:a\u200b d:p 5 .", ("R016", 2, 4)),
        ("d:a d:p word .", ("R017", 2, 9)),
        ("d:a d:p True .", ("R017", 2, 9)),
        ("<< d:a d:p d:b >> d:q 1 .", ("R018", 2, 1)),
        ("d:a d:p d:b {| d:q 1 |} .", ("R018", 2, 13)),
        ("d:a d:p 'x'@en--ltr .", ("R018", 2, 12)),
        ('VERSION "1.2"\nd:a d:p 1 .', ("R018", 2, 1)),
        ("{ d:a d:p 1 . } => { d:b d:p 1 } .", ("R019", 2, 1)),
        ("d:a => d:b .", ("R019", 2, 5)),
        ("d:a is d:p of d:b .", ("R019", 2, 5)),
        ("d:a d:p d:b^d:c .", ("R019", 2, 12)),
        ("d:a d:p <b> .", ("R020", 2, 9)),
        ("d:a d:p <http://x/a b> .", ("R020", 2, 9)),
        ("d:a d:p d:b/c .", ("R020", 2, 9)),
        ("d:a d:p d:µg .", ("R020", 2, 9)),
        ("@import <http://x/> .", ("R021", 2, 1)),
        ("d:a d:p 'x'@en_US .", ("R022", 2, 12)),
        ("d:a d:p 'x'@1 .", ("R022", 2, 12)),
        ("d:a d:p " + "[ d:p " * 41 + "1" + " ]" * 41 + " .", ("R023", 2, 9 + 6 * 39)),
        ('"x" d:p 1 .', ("R010", 2, 1)),
        ("d:a 'p' 1 .", ("R010", 2, 5)),
        ("d:a d:p +-5 .", ("R010", 2, 9)),
    ],
)
def test_slip_is_reported_at_its_place(text, expected):
    assert faults(text)[0] == expected


@pytest.mark.parametrize("text", ["2,000", "0,5", "1,000.5", "-1,2"])
def test_a_comma_inside_a_number_is_reported_although_it_is_turtle(write, text):
    sources = write(a=PREFIX + f"d:a d:p d:b , {text} .")
    [found] = sources.findings
    assert (found.code, str(found.at)) == ("R014", "g/a.ttl:2:15")
    assert text in found.message


@pytest.mark.parametrize("text", ["2, 000", "2 ,3", '"1,000 mg"', "d:x1,5", "'a'@en,5", "2 , 3"])
def test_commas_between_values_are_no_fault(write, text):
    assert not write(a=PREFIX + f"d:a d:p {text} .").findings


def test_several_faults_of_one_file_are_found_in_one_run_and_the_rest_is_read(write):
    sources = write(
        a=PREFIX
        + "d:one a d:X .\n"
        + "d:two a d:X d:p 1 .\n"
        + "d:three a d:X .\n"
        + 'd:four a d:X ; d:p "open .\n'
        + "\n"
        + "d:five a d:X ; d:p [ d:q 1 .\n"
        + "d:six a d:X ; d:p d:last .\n",
        b=PREFIX + "d:seven a d:X .\nd:eight a d:X ; word .",
    )
    assert [(each.code, str(each.at)) for each in sources.findings] == [
        ("R015", "g/a.ttl:3:12"),
        ("R012", "g/a.ttl:5:20"),
        ("R013", "g/a.ttl:7:20"),
        ("R017", "g/b.ttl:3:17"),
    ]
    assert set(sources.subjects) == {node(each) for each in ("one", "three", "six", "seven")}
    assert str(place_of(sources, node("last"))) == "g/a.ttl:8:19"
    assert {D + each for each in ("two", "four", "five", "eight")} <= sources.broken
    assert D + "one" not in sources.broken


def test_a_long_text_that_swallows_statements_is_reported_where_it_opens():
    text = 'd:a d:p """open\n\nd:b a d:X ;\n  d:p """closed""" .\nd:c a d:X .'
    assert faults(text) == [("R012", 2, 9)]
    parsed = recover(PREFIX + text, "f.ttl", "b").parsed
    assert set(parsed.subjects) == {node("b"), node("c")}


def test_a_known_prefix_that_is_not_declared_is_one_finding_and_all_is_read(write):
    sources = write(a=PREFIX + "d:a a skos:Concept .\nd:b a skos:Concept ; skos:notation 'x' .")
    [found] = sources.findings
    assert (found.code, str(found.at)) == ("R011", "g/a.ttl:2:7")
    assert "<http://www.w3.org/2004/02/skos/core#>" in (found.help or "")
    assert (node("b"), rdflib.SKOS.notation, rdflib.Literal("x")) in sources.graph


def test_a_mistyped_prefix_is_taken_for_the_one_meant():
    text = "@prefix code: <http://c/> .\nd:a d:p cod:X .\nd:b d:p cod:Y ."
    found = recover(PREFIX + text, "f.ttl", "b")
    assert [each.help for each in found.findings] == ["Did you mean `code:X`?"]
    assert (node("b"), node("p"), rdflib.URIRef("http://c/Y")) in found.parsed.places


def test_an_unknown_prefix_is_reported_once():
    assert faults("zzz:a d:p 1 .\nzzz:b d:p 1 .\nd:a d:p zzz:c .") == [("R011", 2, 1)]


def test_at_most_fifty_faults_are_listed_and_a_note_says_so():
    found = recover(PREFIX + "d:a d:p 1 d:q 2 .\n" * 60 + "d:z a d:X .", "f.ttl", "b")
    assert len(found.findings) == MOST + 1
    assert (found.findings[-1].code, found.findings[-1].at.line) == ("R024", MOST + 2)
    assert D + "z" in found.broken


def test_messages_name_what_is_missing():
    [missing] = recover(PREFIX + "d:a d:p 1\n\nd:b a d:X .", "f.ttl", "b").findings
    assert missing.message == "A full stop is missing after `1`."
    assert missing.help == "Put `.` there."


def test_statements_end_at_full_stops_outside_texts_and_names():
    text = 'd:a.b d:p 1.5 , "a . b" , <http://x.y/> . d:c d:p 1 .'
    statement = next_statement(text, 0)
    assert statement is not None
    assert text[: statement.end] == 'd:a.b d:p 1.5 , "a . b" , <http://x.y/> .'


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(EVERYTHING.encode()) - 1),
            st.integers(0, 3),
            st.one_of(
                st.binary(max_size=3),
                st.sampled_from([b'"', b'"""', b"[", b"]", b"(", b"<", b"{", b".", b"\\", b"<<"]),
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_damaged_files_give_findings_and_never_an_exception(tmp_path_factory, changes):
    data = EVERYTHING.encode()
    for start, length, inserted in changes:
        data = data[:start] + inserted + data[start + length :]
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    (folder / "a.ttl").write_bytes(data)
    sources = read(folder)
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    assert set(sources.places) == set(sources.graph)
    assert all(1 <= each.at.line <= lines for each in sources.findings if each.at)
    assert sources.findings or len(sources.graph)
