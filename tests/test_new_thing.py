"""``guidegraph new recommendation`` and its like: asked or scripted, what is written is sound."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from guidegraph.check.likeness import skeleton
from guidegraph.cli import new_thing
from guidegraph.cli.group import cli
from guidegraph.forms.kinds import KINDS, kind
from guidegraph.forms.known import Known, Thing
from guidegraph.forms.names import NAME, against, proposed, stem
from guidegraph.forms.shapes import form
from guidegraph.model import CarePathway, EvidenceClaim, Recommendation, Study, Threshold
from guidegraph.pipeline import load
from guidegraph.read.ontology import ontology
from guidegraph.scaffold import new
from guidegraph.terms import expand

RECOMMENDATION = {
    "condition": "CRIT-low",
    "statement": "The doctor should measure the marker again.",
    "recommendsAction": "ACT-repeat",
    "direction": "For",
    "appliesTo": "POP-inpatient",
    "modality": "Should",
    "wasDerivedFrom": ["EX-P-1", "EX-P-3"],
    "label": "Measure a low marker again",
}
CLAIM = {
    "statement": "Complications were rarer where the marker was low.",
    "claimType": "StudyFinding",
    "wasDerivedFrom": "EX-P-background",
    "aboutStudy": "STU-invented",
    "label": "Fewer complications",
}
STUDY = {"label": "Another invented study", "sampleSize": 12, "reportedIn": "DOC-invented"}
THRESHOLD = {
    "observable": "Example marker",
    "reportedText": "<50 µg/L",
    "comparator": "less than",
    "executableQuantity": {"value": 50.00, "unit": "µg/L"},
    "wasDerivedFrom": "EX-P-3",
    "label": "Low limit once more",
}
PATHWAY = {
    "appliesTo": "POP-inpatient",
    "wasDerivedFrom": "EX-P-1",
    "performsAction": "ACT-measure",
    "endReason": "Completed",
    "label": "Measuring only",
}
ALL = {
    "recommendation": (RECOMMENDATION, "REC-measure-a-low-marker-again", Recommendation),
    "claim": (CLAIM, "CLM-fewer-complications", EvidenceClaim),
    "study": (STUDY, "STU-another-invented-study", Study),
    "threshold": (THRESHOLD, "THR-low-limit-once-more", Threshold),
    "pathway": (PATHWAY, "PATH-measuring-only", CarePathway),
}
TYPED = {
    "recommendation": (
        "CRIT-low\n\nThe doctor should measure the marker again.\nACT-repeat\nFor\nPOP-inpatient\n"
        "Should\n\n\nEX-P-1, EX-P-3\n\nMeasure a low marker again\n\n\ny\n"
    ),
    "claim": (
        "Complications were rarer where the marker was low.\nStudyFinding\nEX-P-background\n"
        "STU-invented\n\nFewer complications\n\n\ny\n"
    ),
    "study": "Another invented study\n\n12\nDOC-invented\n\ny\n",
    "threshold": (
        "Example marker\n<50 µg/L\nLessThan\n50 µg/L\nEX-P-3\nLow limit once more\n\ny\n"
    ),
    "pathway": "POP-inpatient\nEX-P-1\nACT-measure\nCompleted\nMeasuring only\n\ny\n",
}


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    new(tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def somebody(monkeypatch):
    monkeypatch.setattr(new_thing, "somebody_is_there", lambda: True)


def run(*arguments: str, given: str | None = None):
    result = CliRunner().invoke(cli, ["new", *arguments], input=given)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def script(name: str, answers: object, *more: str):
    return run(name, "--guideline", "own", "--from-json", "-", *more, given=json.dumps(answers))


def texts(folder: Path) -> dict[str, str]:
    return {each.name: each.read_text(encoding="utf-8") for each in sorted(folder.glob("*.ttl"))}


# ---- sound things ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_a_thing_from_json_is_sound(folder, name):
    answers, local, cls = ALL[name]
    told = script(name, answers)
    assert told.exit_code == 0, told.stderr
    assert "no findings about it" in told.stderr
    loaded = load(folder)
    assert loaded.findings == ()
    assert isinstance(loaded.guideline[local], cls)


@pytest.mark.parametrize("name", ALL)
def test_a_thing_from_prompts_is_the_same(folder, somebody, name):
    before = texts(folder)
    told = run(name, "--guideline", "own", given=TYPED[name])
    assert told.exit_code == 0, told.stderr
    assert told.stdout == ""
    asked = texts(folder)
    for file, text in before.items():
        (folder / file).write_text(text, encoding="utf-8")
    assert script(name, ALL[name][0]).exit_code == 0
    assert asked == texts(folder)


def test_nothing_is_graded_and_everything_new_is_a_draft(folder):
    assert script("recommendation", RECOMMENDATION).exit_code == 0
    made = load(folder).guideline["REC-measure-a-low-marker-again"]
    assert (made.strength, made.certainty, made.status) == ("NotStated", "NotStated", "Draft")
    assert {each.name for each in KINDS if _asks_by_default(each)} == {
        "recommendation",
        "claim",
        "study",
    }


def _asks_by_default(each) -> bool:
    defaults = {question.default for question in each.questions} - {""}
    assert defaults <= {"NotStated", "Draft"}
    return bool(defaults)


def test_only_new_lines_are_added(folder):
    before = texts(folder)
    assert script("recommendation", RECOMMENDATION).exit_code == 0
    after = texts(folder)
    assert {file for file in after if after[file] != before[file]} == {"recommendations.ttl"}
    old = before["recommendations.ttl"].splitlines()
    rest = iter(after["recommendations.ttl"].splitlines())
    assert all(line in rest for line in old)


def test_a_number_of_json_is_written_as_it_stands(folder):
    given = json.dumps(THRESHOLD).replace("50.0", "50.00")
    told = run("threshold", "--guideline", "own", "--from-json", "-", "--dry-run", given=given)
    assert "gg:value 50.00 ;" in told.stdout


def test_a_dry_run_prints_turtle_and_writes_nothing(folder):
    before = texts(folder)
    told = script("pathway", PATHWAY, "--dry-run")
    assert told.exit_code == 0
    assert told.stdout.startswith("d:PATH-measuring-only a gg:CarePathway ;")
    assert told.stdout.count(" a gg:") == 4
    assert texts(folder) == before


def test_a_file_of_answers_and_the_only_guideline_are_found(folder, tmp_path):
    (tmp_path / "answers.json").write_text(json.dumps(STUDY), encoding="utf-8")
    (tmp_path / "guideline").mkdir()
    folder.rename(tmp_path / "guideline" / "own")
    assert run("study", "--from-json", "answers.json").exit_code == 0


def test_words_stand_in_several_languages(folder):
    given = {**RECOMMENDATION, "label": {"en": "Again", "nl": "Opnieuw"}, "id": "REC-again"}
    told = script("recommendation", given, "--dry-run")
    assert '"Again"@en , "Opnieuw"@nl' in told.stdout
    assert told.stdout.startswith("d:REC-again ")


def test_findings_about_the_new_thing_are_shown(folder):
    given = {**THRESHOLD, "executableQuantity": "60 µg/L"}
    told = script("threshold", given)
    assert told.exit_code == 1
    assert "error[U111]" in told.stderr
    again = script("study", STUDY)
    assert again.exit_code == 0
    assert "1 other finding" in again.stderr


def test_a_shape_of_ones_own_adds_a_field(folder):
    own = folder / "shapes.ttl"
    own.write_text(
        """@prefix d: <https://example.org/guideline/own/> .
        @prefix gg: <https://w3id.org/guidegraph/ns#> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        d:S a sh:NodeShape ; sh:targetClass gg:Study ; sh:property [
          sh:path d:cost ; sh:name "cost"@en ; sh:datatype xsd:decimal ; sh:minInclusive 1 ] .
        """,
        encoding="utf-8",
    )
    assert "gg:value" not in script("study", {**STUDY, "cost": "2,50"}, "--dry-run").stdout
    assert "d:cost 2.50" in script("study", {**STUDY, "cost": "2,50"}, "--dry-run").stdout
    assert "error[N110]" in script("study", {**STUDY, "cost": 0.5}, "--dry-run").stderr


# ---- bad answers -----------------------------------------------------------------------------


def test_a_bad_answer_is_asked_again_with_the_reason(folder, somebody):
    typed = (
        "nonsense\nTHR-low\nCRIT-lwo\nCRIT-low\n\n\n<b>Do</b> it\nThe doctor should measure.\n?\n"
        "ACT-repeat\nfore\nFor\nPOP-inpatient\nShould\n\n\nEX-P-1\n\nAgain\n\nREC-1\nREC 9\n"
        "REC-again\ny\n"
    )
    told = run("recommendation", "--guideline", "own", given=typed)
    assert told.exit_code == 0, told.stderr
    for words in (
        "There is no criterion called `nonsense`.",
        "it is a threshold. Name a criterion.",
        "Did you mean `CRIT-low`?",
        "This must be answered. Add gg:statement",
        "This text holds HTML: `<b>`, `</b>`.",
        "ACT-treat (Give the example treatment)",
        "Did you mean `For`?",
        "The new thing cannot be called `REC-1`: it is in use.",
        "The new thing cannot be called `REC 9`",
    ):
        assert words in told.stderr, words
    assert load(folder).guideline["REC-again"].modality == "Should"


def test_a_limit_is_a_quantity_or_a_setting_or_a_formula(folder, somebody):
    typed = (
        "Example marker\n1,000-2,000 µg/L\nComparatorNotStated\n\n\n\n1.500 µg/L\n\nmarker-high\n"
        "EX-P-2\nHigh once more\n\ny\n"
    )
    told = run("threshold", "--guideline", "own", given=typed)
    assert told.exit_code == 0, told.stderr
    assert "This must be answered. Give the number and unit under" in told.stderr
    assert "`1.500` can be read in two ways: 1500 or 1.5?" in told.stderr
    assert load(folder).guideline["THR-high-once-more"].site_parameter == "marker-high"
    two = {**THRESHOLD, "siteParameter": "marker-high"}
    assert "error[N112]" in script("threshold", two).stderr


def test_how_decimals_are_typed_can_be_said(folder):
    given = {**THRESHOLD, "executableQuantity": "1.500,5 µg/L"}
    assert "error[N101]" in script("threshold", given).stderr
    told = script("threshold", given, "--decimal", "comma", "--dry-run")
    assert "gg:value 1500.5 ;" in told.stdout


def test_another_pathway_is_asked_for_where_one_goes_on(folder, somebody):
    given = {**PATHWAY, "endReason": "SeeOtherPathway"}
    assert "error[N113]" in script("pathway", given).stderr
    typed = TYPED["pathway"].replace("Completed\n", "SeeOtherPathway\n\nPATH-marker\n")
    told = run("pathway", "--guideline", "own", given=typed)
    assert told.exit_code == 0, told.stderr
    assert load(folder).findings == ()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", "expecting value"),
        ("[]", "not one object"),
        ('{"label": "a", "label": "b"}', "`label` is given twice"),
        ('{"sampleSize": NaN}', "NaN is not a number"),
        ('{"sampleSize": 1e3}', "error[N102]"),
        ("{}", "error[N113]"),
        ('{"label": ["a", "b"]}', "error[N112]"),
        ('{"label": {"en": {"en": "x"}}}', "has no parts"),
        ('{"label": {"english": "x"}}', "is not the code of a language"),
        ('{"sampleSize": {"value": 1}}', "has no parts"),
        ('{"label": "x", "id": "9"}', "error[N115]"),
    ],
)
def test_bad_json_is_refused_and_nothing_written(folder, given, words):
    before = texts(folder)
    told = run("study", "--guideline", "own", "--from-json", "-", given=given)
    assert told.exit_code == 1
    assert words in told.stderr
    assert texts(folder) == before


def test_answers_that_are_not_there_are_told(folder):
    told = run("study", "--guideline", "own", "--from-json", "none.json")
    assert told.exit_code == 1
    assert "error[N117]: The answers cannot be read: No such file or directory." in told.stderr


def test_without_a_terminal_the_answers_are_asked_as_json(folder):
    told = run("claim", "--guideline", "own")
    assert told.exit_code == 2
    assert "--from-json FILE" in told.stderr


def test_nothing_is_written_without_a_yes(folder, somebody):
    before = texts(folder)
    told = run("study", "--guideline", "own", given="Another\n\n\n\n\nn\n")
    assert (told.exit_code, texts(folder)) == (0, before)
    assert "Nothing was written." in told.stderr
    cut_off = run("study", "--guideline", "own", given="Another\n")
    assert (cut_off.exit_code, texts(folder)) == (1, before)


def test_a_slip_in_the_kind_starts_no_guideline(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run("recomendation")
    assert told.exit_code == 2
    assert "guidegraph new recommendation" in told.stderr
    assert list(tmp_path.iterdir()) == []
    assert run("guideline", "recomendation").exit_code == 0
    assert run("my-guideline").exit_code == 0  # no slip
    assert run("--title", "Mine", "fresh").exit_code == 0
    assert (tmp_path / "fresh" / "guideline.ttl").exists()


# ---- kinds and names -------------------------------------------------------------------------


@pytest.mark.parametrize("each", KINDS, ids=lambda each: each.name)
def test_every_question_is_about_a_field(each):
    for question in each.questions:
        made = form(ontology(), expand(question.cls or each.cls))
        for path in question.paths:
            assert made.field(path) is not None, path
    required = {field.path for field in form(ontology(), expand(each.cls)).fields if field.required}
    asked = {path for question in each.questions for path in question.paths}
    longer = {path for path in required if "|" in path}
    assert required - asked - longer <= {expand("gg:startNode")}


def test_a_recommendation_is_asked_for_in_the_order_of_bridge_wiz():
    order = [question.terms[0] for question in kind("recommendation").questions]
    wanted = (
        "gg:condition",
        "gg:statement",
        "gg:recommendsAction",
        "gg:appliesTo",
        "gg:modality",
        "prov:wasDerivedFrom",
    )
    assert [each for each in order if each in wanted] == list(wanted)


def test_commands_are_the_kinds():
    assert tuple(new_thing.THINGS) == tuple(each.name for each in KINDS)


def test_names_are_made_of_labels_and_never_taken():
    space = "https://d/"
    there = Known(tuple(Thing(f"{space}{each}") for each in ("REC-hoher-wert", "REC-x-0")))
    assert proposed("Überhöhter Wert: > 5 %!", "REC", there, space) == "REC-uberhohter-wert-5"
    assert proposed("Hoher Wert", "REC", there, space) == "REC-hoher-wert-2"
    assert proposed("漢字", "REC", there, space) == "REC-new"
    long = proposed("word " * 40, "REC", there, space)
    assert NAME.fullmatch(long) and not long.endswith("-")
    assert skeleton("REC-x-o") == skeleton("REC-x-0")
    assert "looks like" in against("REC-x-o", there, space).message
    assert against("REC-free", there, space) is None


def test_names_begin_like_the_others_of_their_class():
    cls = frozenset({"c"})
    there = Known(tuple(Thing(f"https://d/{each}", cls) for each in ("R-1", "R-2", "OTHER-1")))
    assert stem(there, "c", "REC", "https://d/") == "R"
    assert stem(Known(), "c", "REC", "https://d/") == "REC"
