"""A guideline folder that is edited: which file holds what, and where each change goes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import REPOSITORY
from guidegraph.errors import UsageError
from guidegraph.turtle.changes import Change, Create, Put, Remove, Rename
from guidegraph.turtle.document import Document
from guidegraph.turtle.values import RDF_TYPE, XSD_DECIMAL, Iri, Literal, Part, key
from guidegraph.workspace.saving import save
from guidegraph.workspace.workspace import Workspace
from guidegraph.workspace.writing import digest
from test_turtle import hold_untouched
from turtle_texts import D, Facts, Maker, some_change

HEAD = f"@prefix d: <{D}> .\n@prefix e: <https://example.org/e#> .\n"
E = "https://example.org/e#"
SHIPPED = sorted((REPOSITORY / "guideline").iterdir())[0]


def space(**texts: str) -> Workspace:
    """A workspace of these files, each after the usual prefixes."""
    files = {f"{name}.ttl": HEAD + "\n" + text for name, text in texts.items()}
    documents = {name: Document.parse(text, name) for name, text in files.items()}
    return Workspace(Path("own"), documents)


def word(lexical: str) -> Literal:
    return Literal(lexical)


def kind(name: str) -> tuple[str, tuple[Iri, ...]]:
    return (RDF_TYPE, (Iri(D + name),))


def changed(before: Workspace, *changes: Change) -> dict[str, str]:
    """The bodies of the files that change."""
    return {
        file: text.removeprefix(HEAD + "\n") for file, text in before.draft(changes).texts.items()
    }


# ---- reading ---------------------------------------------------------------------------------


def test_a_folder_is_opened_as_it_is_read(tmp_path):
    crlf = "\ufeff" + (HEAD + "d:x a d:C .\n").replace("\n", "\r\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "build").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "more" / "a.ttl").write_bytes(crlf.encode())
    for name in ("b.ttl", "build/c.ttl", ".hidden/d.ttl", ".e.ttl", "f.txt"):
        (tmp_path / name).write_text(HEAD)
    found = Workspace.open(tmp_path)
    assert list(found.documents) == ["b.ttl", "more/a.ttl"]
    assert found.documents["more/a.ttl"].text == crlf
    assert [each.code for each in found.findings] == ["R004"]
    assert found.subjects == (D + "x",)
    assert not (tmp_path / ".guidegraph").exists()
    made = found.draft([Put(D + "x", D + "p", (word("1"),))])
    assert made.before == {"more/a.ttl": digest(crlf.encode())}
    save(tmp_path, made)
    after = (tmp_path / "more" / "a.ttl").read_bytes()
    assert after == crlf.replace("d:C .", 'd:C ;\r\n  d:p "1" .').encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"d:x a d:C .\n", "R011"), (b"# \xff\n", "R002"), (b"# \x01\n", "R003"), (None, "R001")],
)
def test_a_folder_with_a_file_that_cannot_be_read_is_not_opened(tmp_path, data, code):
    (tmp_path / "a.ttl").write_text(HEAD)
    if data is None:
        (tmp_path / "b.ttl").symlink_to("a.ttl")
    else:
        (tmp_path / "b.ttl").write_bytes(data)
    with pytest.raises(UsageError) as refused:
        Workspace.open(tmp_path)
    assert [each.code for each in refused.value.findings] == [code]


def test_no_folder_is_told(tmp_path):
    with pytest.raises(UsageError, match="There is no folder"):
        Workspace.open(tmp_path / "none")


def test_the_shipped_guideline_is_opened_and_not_changed_by_what_it_says():
    found = Workspace.open(SHIPPED)
    puts = [
        Put(iri, predicate, values)
        for iri in Random(1).sample(found.subjects, 25)
        for predicate, values in found.describe(iri).items()
    ]
    assert found.draft(puts).is_empty
    assert not (SHIPPED / ".guidegraph").exists()


def test_a_thing_may_stand_in_several_files():
    found = space(a="d:x d:p 1 .\n", b="d:x a d:C ;\n  d:p 1 , 2 .\n")
    assert found.file_of(D + "x") == "b.ttl"
    assert found.file_of(D + "none") is None
    assert [each.lexical for each in found.describe(D + "x")[D + "p"]] == ["1", "2"]  # type: ignore[union-attr]


# ---- where a change goes -----------------------------------------------------------------------


def test_values_go_where_the_property_stands():
    before = space(a="d:x a d:C .\n", b='d:x d:p "1" .\n', c='d:y d:p "1" .\n')
    assert changed(before, Put(D + "x", D + "p", (word("2"),))) == {"b.ttl": 'd:x d:p "2" .\n'}


def test_a_new_property_goes_where_the_thing_stands():
    before = space(a='d:x d:q "1" .\n', b="d:x a d:C .\n")
    assert changed(before, Put(D + "x", D + "p", (word("2"),))) == {
        "b.ttl": 'd:x a d:C ;\n  d:p "2" .\n'
    }


def test_values_that_several_files_state_stay_where_they_are():
    before = space(a='d:x a d:C ;\n  d:p "1" , "2" .\n', b='d:x d:p "2" , "3" .\n')
    values = tuple(map(word, "1234"))
    assert changed(before, Put(D + "x", D + "p", values)) == {
        "b.ttl": 'd:x d:p "2" , "3" , "4" .\n'
    }
    assert changed(before, Put(D + "x", D + "p", tuple(map(word, "134")))) == {
        "a.ttl": 'd:x a d:C ;\n  d:p "1" , "4" .\n',
        "b.ttl": 'd:x d:p "3" .\n',
    }
    assert set(changed(before, Put(D + "x", D + "p", ()))) == {"a.ttl", "b.ttl"}


def test_parts_that_are_alike_are_counted():
    before = space(a='d:x a d:C ;\n  d:p [ d:q "1" ] .\n', b='d:x d:p [ d:q "1" ] .\n')
    part = Part(((D + "q", word("1")),))
    assert changed(before, Put(D + "x", D + "p", (part, part))) == {}
    assert list(changed(before, Put(D + "x", D + "p", (part,)))) == ["b.ttl"]


def test_a_new_thing_goes_after_the_last_of_its_class():
    before = space(
        a="d:x a d:C .\n\nd:z a d:D .\n", b="d:y a d:C .\n\n# two\nd:v a d:C .\n\nd:w a d:D .\n"
    )
    assert changed(before, Create(D + "n", (kind("C"),))) == {
        "b.ttl": "d:y a d:C .\n\n# two\nd:v a d:C .\n\nd:n a d:C .\n\nd:w a d:D .\n"
    }
    assert changed(before, Create(D + "n", (kind("C"),), after=D + "z")) == {
        "a.ttl": "d:x a d:C .\n\nd:z a d:D .\n\nd:n a d:C .\n"
    }


def test_a_thing_of_a_new_class_gets_a_file_with_the_prefixes_it_needs():
    before = space(a="d:x a d:C .\n", b="d:y a d:C .\n")
    first = Create(E + "n", ((RDF_TYPE, (Iri(E + "RiskFactor"),)), (E + "of", (Iri(E + "z"),))))
    second = Create(E + "m", ((RDF_TYPE, (Iri(E + "RiskFactor"),)), (E + "of", (Iri(E + "n"),))))
    made = before.draft([first, second])
    assert made.texts == {
        "risk-factor.ttl": f"@prefix e: <{E}> .\n\n"
        "e:n a e:RiskFactor ;\n  e:of e:z .\n\ne:m a e:RiskFactor ;\n  e:of e:n .\n"
    }
    assert made.before == {"risk-factor.ttl": ""}
    assert list(made.result.documents) == ["a.ttl", "b.ttl", "risk-factor.ttl"]


def test_a_file_of_that_name_is_used_as_it_is():
    before = space(C="# of d:C\n")
    assert changed(before, Create(D + "n", (kind("C"),))) == {"C.ttl": "# of d:C\n\nd:n a d:C .\n"}


def test_removing_and_renaming_go_over_all_files():
    before = space(
        a="d:x a d:C .\n\nd:y d:to d:x .\n",
        b="d:y d:to d:x .\n",
        c="d:x d:p d:z .\n\nd:z a d:C .\n",
    )
    assert changed(before, Rename(D + "x", D + "n")) == {
        "a.ttl": "d:n a d:C .\n\nd:y d:to d:n .\n",
        "b.ttl": "d:y d:to d:n .\n",
        "c.ttl": "d:n d:p d:z .\n\nd:z a d:C .\n",
    }
    assert changed(before, Remove(D + "x")) == {
        "a.ttl": "d:y d:to d:x .\n",
        "c.ttl": "d:z a d:C .\n",
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Rename(D + "x", D + "y"), "of this name already"),
        (Create(D + "y", (kind("C"),)), "of this name already"),
        (Create(D + "n", ((D + "p", (word("1"),)),)), "not said of which class"),
        (Put(D + "n", D + "p", (word("1"),)), "not said of which class"),
    ],
)
def test_what_cannot_be_made_is_refused(change, words):
    with pytest.raises(UsageError, match=words) as refused:
        space(a="d:x a d:C .\n", b="d:y a d:C .\n").draft([change])
    assert [each.code for each in refused.value.findings] == ["W003"]


def test_changes_are_made_one_after_the_other():
    before = space(a="d:x a d:C .\n", b="d:y a d:D .\n")
    made = before.draft(
        [
            Create(D + "n", (kind("D"),)),
            Put(D + "n", D + "p", (Iri(D + "x"), Literal("1.50", XSD_DECIMAL))),
            Rename(D + "x", D + "z"),
            Remove(D + "y"),
            Put(D + "y", RDF_TYPE, (Iri(D + "C"),)),
        ]
    )
    bodies = {file: text.removeprefix(HEAD + "\n") for file, text in made.texts.items()}
    assert bodies == {
        "a.ttl": "d:z a d:C .\n\nd:y a d:C .\n",
        "b.ttl": "d:n a d:D ;\n  d:p d:z , 1.50 .\n",
    }
    assert made.base is before
    assert not before.draft([]).texts


# ---- random changes ----------------------------------------------------------------------------


def random_space(random: Random) -> Workspace:
    texts = {
        f"{n}.ttl": Maker(random).text().replace("_:n", f"_:f{n}n")
        for n in range(random.randint(1, 4))
    }
    documents = {name: Document.parse(text, name) for name, text in texts.items()}
    return Workspace(Path("own"), documents)


def facts(found: Workspace) -> Facts:
    """All that the files say together."""
    return Facts(set().union(*(Facts.of(each.text).triples for each in found.documents.values())))


def hold_changes(seed: int, times: int) -> None:
    random = Random(seed)
    before = random_space(random)
    for _ in range(times):
        change = some_change(random, before)  # type: ignore[arg-type]
        try:
            made = before.draft([change])
        except UsageError as refused:
            assert {each.code for each in refused.findings} <= {"W002", "W003"}
            continue
        after = made.result
        assert facts(after).canonical() == facts(before).after(change).canonical()
        for file, document in after.documents.items():
            again = Document.parse(document.text, file)
            if file not in made.texts:
                assert document.text == before.documents[file].text
            elif file in before.documents:
                hold_untouched(before.documents[file], again, change)
        if isinstance(change, Put | Create):
            there = [f for f, each in before.documents.items() if change.subject in each.subjects]
            assert set(made.texts) <= set(there) or len(made.texts) == 1
        before = after


@given(st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_random_changes_say_what_they_say_and_nothing_more(seed):
    hold_changes(seed, 3)


@pytest.mark.slow
@given(st.integers(0, 2**32))
@settings(max_examples=3000, deadline=None)
def test_many_random_changes_say_what_they_say_and_nothing_more(seed):
    hold_changes(seed, 4)


@given(st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
@example(128528406)  # a comment came to the end of a block, with more on the line
def test_a_rebased_draft_says_what_both_sides_said(seed):
    """Where nothing conflicts, ours on top of theirs is theirs with our properties."""
    from guidegraph.workspace.stale import Stale, held_against

    random = Random(seed)
    base = random_space(random)
    try:
        ours = base.draft([put_in(random, base)])
        theirs = base.draft([put_in(random, base)]).result
    except UsageError:
        return
    try:
        held_against(ours, theirs)
    except Stale as stale:
        merged = stale.rebased
        (put,) = ours.changes
        assert isinstance(put, Put)
        if merged is None:
            (found,) = stale.conflicts
            assert (found.subject, found.predicate) == (put.subject, put.predicate)
            assert (
                len(
                    {
                        repr(sorted(map(repr, map(key, v))))
                        for v in (found.base, found.theirs, found.ours)
                    }
                )
                > 1
            )
            return
        assert facts(merged.result).canonical() == facts(theirs).after(put).canonical()


def put_in(random: Random, found: Workspace) -> Put:
    while not isinstance(change := some_change(random, found), Put):  # type: ignore[arg-type]
        pass
    return change
