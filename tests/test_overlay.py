"""Local adaptation: what an overlay changes, that it is marked, and that nothing is silent."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from conftest import REPOSITORY
from guidegraph.cli.group import cli
from guidegraph.diagnostic import Severity
from guidegraph.evaluate import decide
from guidegraph.evaluate.status import meaning
from guidegraph.evaluate.text import render
from guidegraph.kernel import Ref
from guidegraph.lower import lower
from guidegraph.model import LocalThreshold, Recommendation
from guidegraph.overlay.rebase import rebase
from guidegraph.overlay.told import rebase_as_data, rebase_lines
from guidegraph.patient import read_patient
from guidegraph.pipeline import Loaded, load
from guidegraph.scaffold import new

SHIPPED = REPOSITORY / "guideline" / "covid19-coagulopathy"
PREFIXES = """\
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix code: <https://w3id.org/guidegraph/code/> .
@prefix u: <https://w3id.org/guidegraph/unit/> .
@prefix d: <{namespace}> .
@prefix here: <https://example.org/adaptation/hospital/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix vann: <http://purl.org/vocab/vann/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
HEADER = """
here:adaptation a gg:LocalAdaptation ;
  rdfs:label "Example marker in Example Hospital"@en ;
  gg:adapts d:{header} ; gg:adaptedVersion "0.1.0" ;
  vann:preferredNamespacePrefix "here" ;
  vann:preferredNamespaceUri "https://example.org/adaptation/hospital/" ;
  owl:versionInfo "1.0.0" ;
  dcterms:publisher "Example Hospital" ;
  dcterms:created "2026-02-01"^^xsd:date ;
  prov:wasAttributedTo here:board .
here:board a prov:Agent ; rdfs:label "Guideline board"@en .
"""
END = """
  gg:rationale "example"@en ;
  prov:wasAttributedTo here:board ; dcterms:created "2026-02-01"^^xsd:date ;
  gg:status code:Draft .
"""


def quantity(value: str, unit: str = "ug-per-L") -> str:
    return f"[ a gg:Quantity ; gg:value {value} ; gg:unit u:{unit} ]"


def item(name: str, kind: str, *says: str) -> str:
    return (
        f'here:{name} a gg:{kind} ;\n  rdfs:label "Local {name}"@en ;\n  {" ; ".join(says)} ;{END}'
    )


def setting(value: str, *more: str) -> str:
    says = ("gg:siteParameter d:marker-high", f"gg:executableQuantity {quantity(value)}", *more)
    return item("high", "LocalSetting", *says)


def replacement(name: str, threshold: str, number: str, *more: str) -> str:
    says = (f"gg:threshold d:{threshold}", f"gg:executableQuantity {number}", *more)
    return item(name, "ThresholdReplacement", *says)


def exception(name: str, recommendation: str, criterion: str) -> str:
    return item(
        name,
        "LocalException",
        f"gg:recommendation d:{recommendation}",
        f"gg:exception {criterion}",
    )


OLDER = replacement("older", "THR-older", quantity("65.0", "year"))
VERY_OLD = (
    exception("not-very-old", "REC-2", "here:CRIT-very-old")
    + """
here:CRIT-very-old a gg:ComparisonCriterion ;
  rdfs:label "Older than 90 years"@en , "Ouder dan 90 jaar"@nl ;
  gg:observable d:age ; gg:comparator code:GreaterThan ; gg:threshold here:THR-very-old .
"""
    + item(
        "THR-very-old",
        "LocalThreshold",
        "gg:observable d:age",
        "gg:comparator code:GreaterThan",
        f"gg:executableQuantity {quantity('90.0', 'year')}",
    )
)


@dataclass
class Bench:
    """A guideline folder and an overlay folder in which texts can be laid."""

    guideline: Path
    overlay: Path

    def lay(self, *texts: str, namespace: str = "https://example.org/guideline/example-marker/"):
        told = PREFIXES.format(namespace=namespace) + HEADER.format(header="guideline")
        (self.overlay / "overlay.ttl").write_text(told + "\n".join(texts), "utf-8")
        return self

    def change(self, file: str, old: str, text: str) -> None:
        """Change the guideline itself: a new version of it."""
        path = self.guideline / file
        before = path.read_text("utf-8")
        assert old in before
        path.write_text(before.replace(old, text), "utf-8")

    def load(self) -> Loaded:
        return load(self.guideline, overlay=self.overlay)

    def local(self):
        loaded = self.load()
        assert loaded.guideline is not None
        errors = [each for each in loaded.findings if each.severity is Severity.ERROR]
        assert not errors, errors
        return loaded.guideline

    def codes(self) -> list[str]:
        return [each.code for each in self.load().findings]


@pytest.fixture
def bench(tmp_path, monkeypatch) -> Bench:
    monkeypatch.chdir(tmp_path)
    new(Path("example-marker"))
    Path("hospital").mkdir()
    return Bench(Path("example-marker"), Path("hospital"))


def patient(program, **facts):
    told = {
        "now": "2026-01-01T20:00:00Z",
        "anchors": {"admission": "2026-01-01T08:00:00Z"},
        "facts": {
            "admitted": True,
            "infection-status": "confirmed",
            "treatment-refused": False,
            **facts,
        },
    }
    path = Path("patient.json")
    path.write_text(json.dumps(told), "utf-8")
    read, findings = read_patient(path, program)
    assert read is not None, findings
    return read


def statuses(guideline, **facts) -> dict[str, str]:
    program = lower(guideline)
    decision = decide(guideline, program, patient(program, **facts))
    return {each.recommendation.id: each.status for each in decision.advice}


def marker(value: str) -> list[dict[str, object]]:
    return [{"minutes": 30, "value": value, "unit": "ug/L"}]


def years(value: str) -> dict[str, str]:
    return {"value": value, "unit": "a"}


# ---- what is changed -----------------------------------------------------------------------------


def test_an_overlay_that_changes_nothing_leaves_every_rule_as_it_is(bench):
    local, upstream = bench.lay().local(), load(bench.guideline).guideline
    assert lower(local).rules == lower(upstream).rules
    assert lower(local).criteria == lower(upstream).criteria
    assert lower(local).settings == lower(upstream).settings


def test_a_setting_decides_where_the_patient_file_chooses_none(bench):
    local, upstream = bench.lay(setting("1500.0")).local(), load(bench.guideline).guideline
    facts = {"age": years("50"), "example-marker": marker("1200")}
    assert statuses(upstream, **facts)["REC-2"] == "applies"
    assert statuses(local, **facts)["REC-2"] == "notApplicable"
    assert bench.codes() == []


@pytest.mark.parametrize(("value", "is_permitted"), [("2000.0", True), ("2000.001", False)])
def test_a_setting_holds_only_within_the_permitted_range(bench, value, is_permitted):
    loaded = bench.lay(setting(value)).load()
    assert ("L721" not in [each.code for each in loaded.findings]) is is_permitted
    (change,) = loaded.guideline.adaptation.changes
    assert change.is_in_force is is_permitted
    default = str(loaded.guideline["marker-high"].default_quantity.value)
    assert default == (value if is_permitted else "1000.0")


def test_a_replaced_limit_runs_and_is_said_to_depart(bench):
    loaded = bench.lay(OLDER).load()
    assert [(each.code, each.severity) for each in loaded.findings] == [("L722", Severity.WARNING)]
    facts = {"example-marker": marker("200")}
    assert statuses(loaded.guideline, age=years("65"), **facts)["REC-4"] == "applies"
    assert statuses(loaded.guideline, age=years("64"), **facts)["REC-4"] == "notApplicable"


@pytest.mark.parametrize(
    ("departure", "code"),
    [(OLDER, "L722"), (exception("not-older", "REC-2", "d:CRIT-older"), "L723")],
    ids=["limit", "exception"],
)
def test_a_departure_is_a_warning_until_confirmed_and_never_silent(bench, departure, code):
    findings = bench.lay(departure).load().findings
    assert [(each.code, each.severity) for each in findings] == [(code, Severity.WARNING)]
    findings = bench.lay(departure.replace("code:Draft", "code:Reviewed")).load().findings
    assert [(each.code, each.severity) for each in findings] == [(code, Severity.NOTE)]


@pytest.mark.parametrize(("value", "codes"), [("1800.0", []), ("2500.0", ["L722"])])
def test_a_site_parameters_limit_may_be_replaced_within_and_beyond_its_range(bench, value, codes):
    loaded = bench.lay(replacement("limit", "THR-high", quantity(value))).load()
    assert [each.code for each in loaded.findings] == codes
    (change,) = loaded.guideline.adaptation.changes
    assert change.is_permitted is (codes == [])
    above = {"age": years("50"), "example-marker": marker("2499.999")}
    assert statuses(loaded.guideline, **above)["REC-2"] == (
        "applies" if value == "1800.0" else "notApplicable"
    )


def test_an_exception_is_added_to_the_one_that_is_stated(bench):
    local = bench.lay(VERY_OLD).local()
    facts = {"example-marker": marker("1500")}
    assert statuses(local, age=years("91"), **facts)["REC-2"] == "defeated"
    assert statuses(local, age=years("90"), **facts)["REC-2"] == "applies"
    refused = {**facts, "treatment-refused": True}
    assert statuses(local, age=years("50"), **refused)["REC-2"] == "defeated"
    assert statuses(local, age=None, **facts)["REC-2"] == "provisional"


def test_several_exceptions_of_one_recommendation_add_up(bench):
    second = exception("not-older", "REC-2", "d:CRIT-older")
    local = bench.lay(VERY_OLD, second).local()
    facts = {"example-marker": marker("1500")}
    assert statuses(local, age=years("75"), **facts)["REC-2"] == "defeated"
    assert statuses(local, age=years("69"), **facts)["REC-2"] == "applies"
    refused = {**facts, "treatment-refused": True}
    assert statuses(local, age=years("50"), **refused)["REC-2"] == "defeated"


def test_an_exception_where_none_was_stated_is_the_criterion_itself(bench):
    local = bench.lay(exception("not-measured", "REC-1", "d:CRIT-older")).local()
    assert local.one("REC-1", Recommendation).exception == "CRIT-older"
    assert statuses(local, age=years("70"))["REC-1"] == "defeated"


# ---- what is said --------------------------------------------------------------------------------


def test_a_change_of_what_is_not_there_is_told_at_its_line(bench):
    loaded = bench.lay(replacement("older", "THR-oldr", quantity("65.0", "year"))).load()
    (told,) = [each for each in loaded.findings if each.code == "R102"]
    assert told.at.file == "hospital/overlay.ttl" and "d:THR-older" in told.help
    assert loaded.guideline.adaptation.changes == ()


def test_a_wrong_unit_is_told_at_the_line_of_the_overlay(bench):
    findings = bench.lay(replacement("older", "THR-older", quantity("65.0"))).load().findings
    told = next(each for each in findings if each.code == "U102")
    assert told.at.file == "hospital/overlay.ttl"


def test_without_an_overlay_an_adaptation_among_the_files_is_an_error(bench):
    bench.lay(OLDER)
    shutil.copy(bench.overlay / "overlay.ttl", bench.guideline / "local.ttl")
    loaded = load(bench.guideline)
    assert "L701" in [each.code for each in loaded.findings]
    assert loaded.guideline.adaptation is None
    assert str(loaded.guideline["THR-older"].executable_quantity.value) == "70.0"


def test_an_overlay_in_the_namespace_of_the_guideline_is_refused(bench):
    bench.lay(OLDER)
    path = bench.overlay / "overlay.ttl"
    space = "https://example.org/guideline/example-marker/"
    text = path.read_text("utf-8").replace("https://example.org/adaptation/hospital/", space)
    path.write_text(text, "utf-8")
    assert "L703" in bench.codes()


def test_an_untyped_statement_about_the_guideline_is_refused(bench):
    assert bench.lay("d:REC-3 gg:exception d:CRIT-older .").codes() == ["L704"]


def test_a_plain_threshold_in_an_overlay_is_told_to_be_a_local_one(bench):
    text = VERY_OLD.replace("gg:LocalThreshold", "gg:Threshold")
    findings = bench.lay(text).load().findings
    told = next(each for each in findings if each.code == "L705")
    assert "gg:LocalThreshold" in told.help


def test_an_overlay_without_a_header_says_so(bench):
    (bench.overlay / "overlay.ttl").write_text(PREFIXES.format(namespace="https://x.example/"))
    loaded = bench.load()
    assert "L701" in [each.code for each in loaded.findings]
    assert loaded.guideline.adaptation is None


# ---- calibration ---------------------------------------------------------------------------------

ASSAY = """
@prefix gg: <https://w3id.org/guidegraph/ns#> .
@prefix code: <https://w3id.org/guidegraph/code/> .
@prefix u: <https://w3id.org/guidegraph/unit/> .
@prefix d: <https://example.org/guideline/example-marker/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
d:THR-assay a gg:Threshold ;
  rdfs:label "Assay limit"@en ; gg:observable d:example-assay ; gg:reportedText "<50 µg/L" ;
  gg:comparator code:LessThan ; prov:wasDerivedFrom d:EX-P-3 ;
  gg:executableQuantity [ a gg:Quantity ; gg:value 50.0 ; gg:unit u:ug-per-L ] .
d:CRIT-assay a gg:ComparisonCriterion ;
  rdfs:label "Assay low"@en ; gg:observable d:example-assay ; gg:observationSelector code:Latest ;
  gg:comparator code:LessThan ; gg:threshold d:THR-assay ; prov:wasDerivedFrom d:EX-P-3 .
"""
DDU = item("assay", "LocalCalibration", "gg:observable d:example-assay", "gg:calibration code:DDU")
FEU = DDU.replace("code:DDU", "code:FEU")


def basis(guideline) -> str | None:
    return next(each.basis for each in lower(guideline).inputs if each.name == "example-assay")


def low(guideline, stated: str) -> bool | None:
    """Whether the assay is low, for a result of 30 on the stated basis."""
    program = lower(guideline)
    sample = {**marker("30")[0], "basis": stated}
    read = patient(program, **{"example-assay": [sample]})
    return meaning(program, read.inputs, read.settings).truth(Ref("criterion", "CRIT-assay"))


@pytest.fixture
def assays(bench) -> Bench:
    (bench.guideline / "assay.ttl").write_text(ASSAY, "utf-8")
    return bench


def test_another_basis_makes_every_decision_unknown(assays):
    loaded = assays.lay(DDU).load()
    assert [each.code for each in loaded.findings] == ["L731"]
    assert basis(loaded.guideline) == "FEU"
    assert low(loaded.guideline, "DDU") is None
    assert not loaded.guideline.is_local("example-assay")


def test_the_local_basis_is_expected_once_every_limit_is_replaced(assays):
    text = replacement("assay-limit", "THR-assay", quantity("25.0"))
    loaded = assays.lay(DDU, text).load()
    assert [each.code for each in loaded.findings] == ["L722"]
    assert basis(loaded.guideline) == "DDU"
    assert low(loaded.guideline, "DDU") is False
    assert low(loaded.guideline, "FEU") is None


def test_limits_on_two_bases_are_an_error(assays):
    second = ASSAY.partition("d:THR-assay a")
    text = second[0] + "d:THR-assay a" + second[2]
    other = text.replace("THR-assay", "THR-other").replace("CRIT-assay", "CRIT-other")
    (assays.guideline / "other.ttl").write_text(other, "utf-8")
    assays.lay(DDU, replacement("assay-limit", "THR-assay", quantity("25.0")))
    loaded = assays.load()
    assert "L732" in [each.code for each in loaded.findings]
    assert basis(loaded.guideline) == "FEU"


def test_a_limit_of_ones_own_beside_one_of_the_guideline_is_on_two_bases(assays):
    own = VERY_OLD.replace("d:age", "d:example-assay").replace("u:year", "u:ug-per-L")
    own = own.replace(
        "gg:observable d:example-assay ; gg:comparator code:GreaterThan ; gg:thr", "X"
    )
    own = own.replace(
        "X",
        "gg:observable d:example-assay ; gg:observationSelector code:Latest ;"
        " gg:comparator code:GreaterThan ; gg:thr",
    )
    assert "L732" in assays.lay(DDU, own).codes()


def test_the_calibration_of_the_guideline_changes_nothing(assays):
    loaded = assays.lay(FEU).load()
    assert [each.code for each in loaded.findings] == ["L713"]
    assert low(loaded.guideline, "FEU") is True


def test_an_unstated_basis_is_taken_to_be_the_local_one(assays):
    assays.change(
        "observables.ttl", "gg:calibration code:FEU", "gg:calibration code:CalibrationNotStated"
    )
    loaded = assays.lay(DDU).load()
    assert [each.code for each in loaded.findings] == ["L734"]
    assert low(loaded.guideline, "DDU") is True
    assert low(loaded.guideline, "FEU") is None


# ---- marks ---------------------------------------------------------------------------------------


def test_everything_local_says_so_in_each_language(bench):
    local = bench.lay(setting("1500.0"), OLDER, VERY_OLD).local()
    assert str(local["THR-older"].label).endswith("(local)")
    assert str(local["marker-high"].label).endswith("(local)")
    assert dict(local["CRIT-very-old"].label.words)["nl"] == "Ouder dan 90 jaar (lokaal)"
    assert str(local["REC-2"].label).endswith("(with a local exception)")
    assert isinstance(local["THR-very-old"], LocalThreshold)


def test_what_rests_on_a_replaced_limit_says_so_because_its_words_name_the_old_number(bench):
    local, upstream = bench.lay(OLDER).local(), load(bench.guideline).guideline
    mark = " (a limit is replaced locally)"
    marked = {each.id for each in local.entities.values() if str(each.label).endswith(mark)}
    assert {"CRIT-older", "CRIT-not-older", "CRIT-between-older", "REC-3", "REC-4"} <= marked
    assert {"N-older", "B-older-yes"} <= marked
    assert str(local["N-older"].question).endswith(mark)
    assert not marked & {"REC-1", "REC-2", "CRIT-low", "N-level", "POP-inpatient"}
    kept = set(local.entities) - marked - {"THR-older", "guideline"}
    assert all(local[each] == upstream[each] for each in kept if each in upstream.entities)


def test_the_local_guideline_does_not_pass_for_the_guideline(bench):
    local = bench.lay(OLDER).local()
    header = local.header
    assert header.iri == "https://example.org/adaptation/hospital/adaptation"
    assert (header.version, header.publisher) == ("1.0.0", "Example Hospital")
    assert "Local adaptation of “Example marker”, version 0.1.0" in str(header.description)
    assert local.adaptation.upstream.version == "0.1.0"
    assert lower(local).version == "1.0.0"


def test_a_decision_says_what_is_local(bench):
    local = bench.lay(setting("1500.0"), OLDER, VERY_OLD).local()
    program = lower(local)
    read = patient(program, age=years("91"), **{"example-marker": marker("1600")})
    told = render(decide(local, program, read))
    assert "Local adaptation of Example marker, version 0.1.0" in told
    assert "Older than 90 years (local)" in told
    assert re.search(r"executed 1,500 µg/L \(site setting\s+marker-high\), local", told)
    data = decide(local, program, read).to_json()
    assert data["adapts"]["version"] == "0.1.0"
    assert '"isLocal": true' in json.dumps(data)


def test_a_decision_of_the_guideline_itself_has_no_local_marks(bench):
    upstream = load(bench.guideline).guideline
    program = lower(upstream)
    read = patient(program, age=years("91"), **{"example-marker": marker("1600")})
    decision = decide(upstream, program, read)
    assert "local" not in render(decision)
    assert "isLocal" not in json.dumps(decision.to_json())
    assert "adapts" not in decision.to_json()


def test_a_setting_of_the_patient_file_is_not_called_local(bench):
    local = bench.lay(setting("1500.0")).local()
    program = lower(local)
    told = {
        "now": "2026-01-01T20:00:00Z",
        "anchors": {"admission": "2026-01-01T08:00:00Z"},
        "facts": {
            "admitted": True,
            "infection-status": "confirmed",
            "age": years("50"),
            "treatment-refused": False,
            "example-marker": marker("1600"),
        },
        "settings": {"marker-high": {"value": "1200", "unit": "ug/L"}},
    }
    Path("patient.json").write_text(json.dumps(told), "utf-8")
    read, _ = read_patient(Path("patient.json"), program)
    shown = render(decide(local, program, read))
    assert "1,200 µg/L (site setting marker-high)" in " ".join(shown.split())
    assert ", local" not in shown


# ---- a new version of the guideline --------------------------------------------------------------


@pytest.fixture
def between(bench):
    """What a change of the guideline means for an overlay: (change, kind, words)."""

    def told(*texts: str, change=()):
        bench.lay(*texts)
        shutil.copytree(bench.guideline, "old")
        for each in change:
            bench.change(*each)
        local = load(Path("old"), overlay=bench.overlay).guideline
        old, now = load(Path("old")).guideline, load(bench.guideline).guideline
        found = rebase(local, old, now)
        assert "\n".join(rebase_lines(found)) and rebase_as_data(found)
        return [(i.change.id, v.kind, v.words) for i in found.items for v in i.verdicts]

    return told


def test_a_version_that_touches_nothing_affects_no_change(between):
    change = ("recommendations.ttl", "measured", "determined")
    assert between(setting("1500.0"), OLDER, VERY_OLD, change=(change,)) == []


def test_another_value_of_a_replaced_limit_is_told_with_both_values(between):
    change = (("thresholds.ttl", "gg:value 70.0", "gg:value 75.0"),)
    (told,) = between(OLDER, VERY_OLD, change=change)
    assert told[:2] == ("older", "value")
    assert "70 years" in told[2] and "75 years" in told[2]


def test_a_limit_that_now_says_the_same_makes_the_change_obsolete(between):
    change = (("thresholds.ttl", "gg:value 70.0", "gg:value 65.0"),)
    (told,) = between(OLDER, change=change)
    assert told[:2] == ("older", "obsolete")


def test_a_permitted_range_that_no_longer_holds_the_setting_is_told(between):
    change = (("thresholds.ttl", "gg:high 2000.0", "gg:high 1400.0"),)
    (told,) = between(setting("1500.0"), change=change)
    assert told[:2] == ("high", "notPermitted")
    assert "1,000 to 1,400 µg/L" in told[2]


def test_a_limit_that_was_renamed_is_removed_with_its_probable_new_name(between):
    files = ("thresholds.ttl", "criteria.ttl")
    change = tuple((each, "d:THR-older", "d:THR-seniors") for each in files)
    (told,) = between(OLDER, change=change)
    assert told[:2] == ("older", "removed")
    assert "`THR-seniors`" in told[2]


def test_what_an_own_condition_names_is_looked_at_too(between):
    change = (("observables.ttl", 'rdfs:label "Age"@en', 'rdfs:label "Age in years"@en'),)
    told = between(VERY_OLD, change=change)
    assert ("not-very-old", "changed") in [each[:2] for each in told]


def test_a_new_version_is_noticed_by_check(bench):
    text = setting("1500.0", f"gg:replacedQuantity {quantity('1000.0')}")
    bench.lay(text)
    assert bench.codes() == []
    bench.change("guideline.ttl", 'owl:versionInfo "0.1.0"', 'owl:versionInfo "0.2.0"')
    bench.change(
        "thresholds.ttl",
        "gg:defaultQuantity [ a gg:Quantity ; gg:value 1000.0",
        "gg:defaultQuantity [ a gg:Quantity ; gg:value 1200.0",
    )
    assert sorted(bench.codes()) == ["L711", "L712"]


# ---- the command line ----------------------------------------------------------------------------


def run(*arguments: str):
    result = CliRunner().invoke(cli, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_a_new_overlay_is_sound_and_finds_its_guideline(bench):
    assert run("overlay", "new", "ours", "--of", "example-marker").exit_code == 0
    text = Path("ours/overlay.ttl").read_text("utf-8")
    assert 'gg:upstreamFolder "../example-marker"' in text
    result = run("overlay", "check", "ours")
    assert (result.exit_code, result.stderr) == (0, "")
    assert run("overlay", "new", "ours", "--of", "example-marker").exit_code == 2
    assert run("overlay", "new", "example-marker/ours", "--of", "example-marker").exit_code == 2


def test_the_comments_of_a_new_overlay_become_changes(bench):
    run("overlay", "new", "ours", "--of", "example-marker")
    path = Path("ours/overlay.ttl")
    text = path.read_text("utf-8")
    start = text.index("# here:SET-marker-high")
    block = text[start : text.index("\n\n", start)]
    written = re.sub(r"^# ?", "", block, flags=re.MULTILINE)
    filled = written.replace("gg:value ... ; gg:unit u:...", "gg:value 1500.0 ; gg:unit u:ug-per-L")
    path.write_text(text.replace(block, filled), "utf-8")
    result = run("overlay", "check", "ours")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "here: 1,500 µg/L" in result.stdout


def test_the_guideline_is_found_by_its_iri_below_guideline(bench):
    bench.lay(OLDER)
    Path("guideline").mkdir()
    shutil.move("example-marker", "guideline/example-marker")
    assert (
        "here: 65 years"
        in run("overlay", "check", "hospital").stdout
        + run("overlay", "check", "hospital", "--format", "json").stdout
    )
    shutil.move("guideline", "elsewhere")
    lost = run("overlay", "check", "hospital")
    assert lost.exit_code == 2 and "--of" in lost.stderr


def test_check_lists_each_change_with_both_sides(bench):
    bench.lay(setting("1500.0"), OLDER)
    result = run("overlay", "check", "hospital", "--of", "example-marker")
    assert result.exit_code == 1
    assert "the guideline: 70 years\n    here: 65 years\n    why: example" in result.stdout
    assert "permitted by the guideline; draft" in result.stdout


def test_decide_and_test_take_an_overlay(bench):
    bench.lay(OLDER)
    told = run("decide", "example-marker/patient.json", "example-marker", "--overlay", "hospital")
    assert "Local adaptation of Example marker" in told.stdout
    tested = run("test", "example-marker", "--overlay", "hospital")
    assert tested.exit_code == 0 and "note[T101]: Case `older-69`" in tested.stderr
    case = "cases:\n  - id: one\n    name: One\n    patient: {now: '2026-01-01T20:00:00Z', "
    case += "anchors: {admission: '2026-01-01T08:00:00Z'}, facts: {admitted: false}}\n"
    (bench.overlay / "cases.yaml").write_text(case + "    expect: {applies: [REC-1]}\n", "utf-8")
    own = run("test", "example-marker", "--overlay", "hospital")
    assert own.exit_code == 1 and "hospital/cases.yaml" in own.stderr


def test_an_overlay_inside_the_guideline_is_refused(bench):
    bench.lay(OLDER)
    shutil.copytree("hospital", "example-marker/hospital")
    arguments = ("check", "example-marker/hospital", "--of", "example-marker")
    refused = run("overlay", *arguments)
    assert refused.exit_code == 2 and "folder of its own" in refused.stderr


def test_build_writes_a_marked_site_and_targets(bench):
    bench.lay(setting("1500.0"), OLDER, VERY_OLD)
    built = run("overlay", "build", "hospital", "--of", "example-marker", "-o", "out")
    assert built.exit_code == 1 and "error[" not in built.stderr, built.stderr
    page = Path("out/pages/local/index.md").read_text("utf-8")
    for words in ("65 years", "70 years", "1,500 µg/L", "departs from the guideline", "example"):
        assert words in page.replace("\N{NO-BREAK SPACE}", " "), words
    assert str(Path.cwd()) not in page
    changes = Path("out/pages/changes/index.md").read_text("utf-8")
    assert "This is a local adaptation" in changes
    assert "guideline&#39;s own site" in changes
    assert "No earlier version is known" not in changes
    assert "This is a local adaptation" in Path("out/pages/index.md").read_text("utf-8")
    assert "local/index.html#older" in Path("out/pages/thresholds/THR-older.md").read_text("utf-8")
    assert "local/index.html" not in Path("out/pages/criteria/CRIT-low.md").read_text("utf-8")
    assert "(local)" in next(Path("out/python").glob("*.py")).read_text("utf-8")
    plan = json.loads(next(Path("out/fhir").glob("PlanDefinition-*.json")).read_text("utf-8"))
    assert plan["url"].startswith("https://example.org/adaptation/hospital")
    assert plan["version"] == "1.0.0"
    graph = next(Path("out/graph").glob("*.ttl")).read_text("utf-8")
    assert "here:older a gg:ThresholdReplacement" in graph and "d:THR-older a gg:Thres" in graph


def test_diff_shows_who_is_treated_otherwise(bench):
    pytest.importorskip("guidegraph.plan.told")
    bench.lay(OLDER)
    result = run("overlay", "diff", "hospital", "--of", "example-marker")
    assert result.exit_code == 0, result.stderr
    assert "65" in result.stdout and "REC-4" in result.stdout
    data = run("overlay", "diff", "hospital", "--of", "example-marker", "--format", "json")
    assert json.loads(data.stdout)["changes"][0]["here"] == "65 years"


def test_rebase_tells_what_no_local_change_speaks_of(bench):
    bench.lay(OLDER)
    shutil.copytree(bench.guideline, bench.guideline.parent / "old")
    for path in (*bench.guideline.glob("*.ttl"), bench.guideline / "cases.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("REC-3", "REC-33"), encoding="utf-8")
    told = run("overlay", "rebase", "hospital", "--of", "example-marker", "--from", "old").stdout
    assert "Nothing is different" not in told
    assert "BREAKING" in told
    assert "(`REC-3` → `REC-33`)" in told


def test_rebase_tells_changes_and_behaviour_and_edits_nothing(bench):
    pytest.importorskip("guidegraph.plan.told")
    bench.lay(OLDER)
    shutil.copytree("example-marker", "old")
    bench.change("thresholds.ttl", "gg:value 50.0", "gg:value 60.0")
    bench.change("thresholds.ttl", "<50 µg/L", "<60 µg/L")
    bench.change("sources.ttl", "<50 µg/L", "<60 µg/L")
    before = {each: each.read_bytes() for each in Path().rglob("*.ttl")}
    result = run("overlay", "rebase", "hospital", "--of", "example-marker", "--from", "old")
    assert "0 changes to look at, 1 not affected." in result.stdout, result.stderr
    assert "REC-3" in result.stdout
    assert before == {each: each.read_bytes() for each in Path().rglob("*.ttl")}
    missing = run("overlay", "rebase", "hospital", "--of", "example-marker", "--from", "nowhere")
    assert missing.exit_code != 0 and "Traceback" not in missing.stderr


# ---- the shipped guideline and the page about it -------------------------------------------------


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Path:
    """An example overlay of the shipped guideline; its reasons are examples, not medicine."""
    folder = tmp_path_factory.mktemp("shipped")
    space = re.search(r"@prefix d: <([^>]+)>", _guideline_text())[1]
    version = re.search(r'owl:versionInfo "([^"]+)"', _guideline_text())[1]
    text = PREFIXES.format(namespace=space) + HEADER.format(header="guideline")
    says = (
        "gg:siteParameter d:ddimer-strong-rise",
        f"gg:executableQuantity {quantity('3000.0')}",
    )
    text = text.replace('gg:adaptedVersion "0.1.0"', f'gg:adaptedVersion "{version}"')
    text += item("strong-rise", "LocalSetting", *says)
    text += exception("example", "OUD-REC-4a", "d:CRIT-pe-confirmed")
    (folder / "overlay.ttl").write_text(text, "utf-8")
    return folder


def _guideline_text() -> str:
    return (SHIPPED / "guideline.ttl").read_text("utf-8")


def test_the_shipped_guideline_takes_a_setting_of_its_range(shipped):
    loaded = load(SHIPPED, overlay=shipped)
    told = [each.code for each in loaded.findings if each.code.startswith(("L7", "S6"))]
    assert told == ["L723"]
    setting_here, exception_here = loaded.guideline.adaptation.changes
    assert (setting_here.local, setting_here.is_permitted) == ("3,000 µg/L", True)
    assert exception_here.is_in_force and not exception_here.is_permitted
    default = next(e for e in lower(loaded.guideline).settings if e.name == "ddimer-strong-rise")
    assert default.default == 3000


def commands_of_the_page() -> list[str]:
    page = (REPOSITORY / "site" / "local-adaptation.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("line", commands_of_the_page())
def test_the_commands_of_the_page_exist_as_they_are_written(line):
    words = shlex.split(line)[1:]
    command = cli.get_command(click.Context(cli), words[0])
    if isinstance(command, click.Group):
        command = command.get_command(click.Context(command), words[1])
        words = words[1:]
    known = {each for parameter in command.params for each in parameter.opts}
    assert {each for each in words if each.startswith("-")} <= known


def test_a_calibration_that_states_none_is_refused(bench):
    assert "S629" in bench.lay(DDU.replace("code:DDU", "code:CalibrationNotStated")).codes()
