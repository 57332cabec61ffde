"""A guideline that attacks its readers from every literal and every IRI: for tests of the site."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

import yaml

import simulator_example
import site_example
import verify_example
from attack_words import ADDRESSES, TEXTS
from guidegraph.audit import AuditReport, Examination, Inference, audit
from guidegraph.audit import Finding as Found
from guidegraph.cases import Report, read_cases, run
from guidegraph.diagnostic import Diagnostic, Location, Severity
from guidegraph.entity import Code, Entity, Iri, Quantity, Ref, Text, Translation, Ucum
from guidegraph.export import ExportInput, Gap
from guidegraph.export.flowchart import FlowchartExporter
from guidegraph.lower import lower
from guidegraph.model import (
    AcceptedFinding,
    Adaptation,
    Applied,
    CarePathway,
    Guideline,
    LocalAdaptation,
    LocalException,
    LocalSetting,
    Withdrawn,
)
from guidegraph.program import Program
from guidegraph.query.named import NamedQuery, Parameter
from guidegraph.site.content import Download, QueryResult, SiteContent
from guidegraph.site.history import Affected, Event, Gone, History, Version
from guidegraph.terms import expand
from guidegraph.verify import VerificationReport
from guidegraph.verify.drawn import Picture
from simulator_example import CASES

_ADDRESS = re.compile(r"(https?|doi|mailto):")
GRAPH = "https://example.org/marker/"


class Attacker:
    """Has another payload for every place: one of some texts, or of the addresses."""

    def __init__(self, texts: Iterator[str], addresses: Iterator[str]) -> None:
        self.texts = texts
        self.addresses = addresses

    @property
    def text(self) -> str:
        """The next text."""
        return next(self.texts)

    @property
    def both(self) -> Text:
        """A text in two languages."""
        return Text((("en", self.text), ("nl", self.text)))

    def instead(self, said: str) -> str:
        """What stands in the place of some words, or of an address."""
        return next(self.addresses) if _ADDRESS.match(said) else self.text

    def guideline(self) -> Guideline:
        """The example that can be decided, with a payload in every place and in two languages."""
        header = simulator_example.guideline().header
        plain = simulator_example.guideline(
            problems_to=Iri("https://example.org/problems"),
            creators=("One", "Two"),
            license=Iri("https://example.org/licence"),
        )
        assert plain.header.id == header.id
        both = Guideline(
            header=plain.header,
            entities={name: in_two_languages(each) for name, each in plain.entities.items()},
            codes={name: in_two_languages(each) for name, each in plain.codes.items()},
        )
        known = site_example.with_literals(both, self.instead)
        entities: dict[str, Entity] = dict(known.entities)
        for each in (self.withdrawn(), self.accepted(), *self.changes()):
            entities[each.id] = each
        stale = Translation(
            translated_property=Iri(expand("rdfs:label")),
            language="nl",
            translated_from=Text((("en", self.text),)),
        )
        entities["rec-1"] = replace(entities["rec-1"], translations=(stale,))
        return Guideline(
            header=known.header,
            entities=entities,
            codes=known.codes,
            adaptation=self.adaptation(known),
        )

    def named(self, kind: type[Any], name: str, **given: Any) -> Any:
        """A thing with a hostile label."""
        return replace(site_example.make(kind, name, **given), label=self.both)

    def withdrawn(self) -> Entity:
        """A name that is withdrawn."""
        return self.named(
            Withdrawn,
            "old-population",
            former_class=Iri(expand("gg:Population")),
            version=self.text,
            replaced_by=(Ref("everyone-ill"),),
            rationale=self.both,
        )

    def accepted(self) -> AcceptedFinding:
        """A finding that somebody accepted."""
        return self.named(
            AcceptedFinding,
            "acc-1",
            finding_code="L414",
            concerns=("rec-1",),
            rationale=self.both,
            attributed_to=("encoder",),
            accepted_on=self.text,
        )

    def changes(self) -> tuple[Any, ...]:
        """What a hospital changed."""
        return (
            self.named(
                LocalSetting,
                "set-strong",
                site_parameter=Ref("strong"),
                quantity=Quantity(value=3000, unit=Ucum("ug/L")),  # type: ignore[arg-type]
                rationale=self.both,
                attributed_to=(Ref("encoder"),),
                created=self.text,
                status=Code("Draft"),
            ),
            self.named(
                LocalException,
                "exc-1",
                recommendation=Ref("rec-2"),
                exception=Ref("c-bleeds"),
                rationale=self.both,
                attributed_to=(Ref("encoder"),),
                created=self.text,
            ),
        )

    def adaptation(self, known: Guideline) -> Adaptation:
        """A local adaptation whose every word attacks."""
        header = self.named(
            LocalAdaptation,
            "local",
            adapts=Iri(next(self.addresses)),
            adapted_version=self.text,
            description=self.both,
            version=self.text,
            namespace=next(self.addresses),
            publisher=self.text,
            created=self.text,
            modified=self.text,
            attributed_to=(Ref("encoder"),),
        )
        applied = tuple(
            Applied(
                change=each,
                upstream=self.text,
                local=self.text,
                is_permitted=number == 0,
                is_in_force=number == 0,
            )
            for number, each in enumerate(self.changes())
        )
        return Adaptation(
            header=header, upstream=known.header, changes=applied, own=frozenset({"low"})
        )

    def history(self) -> History:
        """Versions, changes and things that are gone."""
        event = {"kind": "Population", "effect": self.text}
        events = tuple(
            Event(
                how=how,
                name=name,
                old_name=self.text if how == "renamed" else "",
                label=self.text,
                rank=rank,
                details=(self.text, self.text),
                advice=("rec-1",),
                **event,
            )
            for how, name, rank in (
                ("added", "rec-2", "behaviour"),
                ("changed", "rec-1", "breaking"),
                ("renamed", "low", "editorial"),
                ("removed", "gone", "evidence"),
            )
        )
        affected = Affected(name="rec-1", title=self.text, patients=(self.text, self.text))
        latest, before = (
            Version(
                version=self.text,
                date=self.text,
                title=self.text,
                before=self.text,
                is_released=number == 1,
                rank="behaviour",
                summary=(self.text,),
                affected=(affected,),
                events=events,
                partial=(self.text,),
            )
            for number in range(2)
        )
        first = Version(version=self.text, is_first=True)
        gone = tuple(
            Gone(
                name=f"gone-{number}",
                iri=next(self.addresses),
                label=self.text,
                kind=self.text,
                address=address,
                version=self.text,
                until=latest.version,
                replaced_by=("low", self.text),
                reason=self.text,
            )
            for number, address in enumerate(("thresholds/gone.html", "sources/doc.html#gone", ""))
        )
        pages = (("lost/page.html", self.text),)
        return History(versions=(latest, before, first), gone=gone, pages=pages)

    def verification(self) -> VerificationReport:
        """Findings of the proofs."""
        words = {name: self.text for name in ("message", "why", "help", "witness", "where")}  # noqa: C420
        clash = verify_example.refuted("L413", Severity.WARNING, "rec-1", "low", **words)
        return verify_example.report(
            ({"point": "read-twice"}, {"point": "read-level"}),
            (verify_example.finding(clash, verify_example.everywhere(2), recorded=(self.text,)),),
            proved=(verify_example.proved("L441", self.text, "rec-1"),),
            open=(verify_example.unproved("L421", "rec-1", reasons=(self.text,)),),
        )

    def audit(self, known: Guideline) -> AuditReport:
        """What the audit finds in the guideline, and words of every kind it may say."""
        made = audit(known)
        examination = Examination(
            subject="row-1",
            table="table-1",
            what=self.text,
            printed=self.text,
            outcome="inconsistent",
            recomputed=self.text,
            arithmetic=(self.text,),
            reason=self.text,
        )
        found = Found(
            diagnostic=self.diagnostic("A101", "row-1"),
            arithmetic=(self.text,),
            remedy=self.text,
            involved=("rec-1",),
            recorded=("misprint",),
        )
        inference = Inference(
            subject="row-1",
            table="table-1",
            what=self.text,
            text=self.text,
            votes=((self.text, 2),),
            cast=3,
        )
        return AuditReport(
            examinations=(*made.examinations, examination),
            findings=(*made.findings, found),
            inferences=(*made.inferences, inference),
        )

    def diagnostic(self, code: str, subject: str) -> Diagnostic:
        """Something that was found."""
        return Diagnostic(
            code=code,
            severity=Severity.WARNING,
            message=self.text,
            at=Location(f"{self.text}.ttl", 3),
            why=self.text,
            help=self.text,
            subject=subject,
        )

    def cases(self, known: Guideline) -> Report:
        """The cases of the example under hostile names."""
        told = yaml.safe_load(CASES)
        facts = told["defaults"]["patient"]["facts"]
        facts["illness"] = known.entities["status-yes"].notation[0]
        for each in told["cases"]:
            each["name"] = " ".join(self.text.encode("utf-8", "ignore").decode().split())
        cases, _ = read_cases(json.dumps(told), "cases.yaml", known)
        assert cases
        return run(known, cases)

    def queries(self) -> tuple[QueryResult, ...]:
        """A query with a value of every form, and one over what is published."""
        forms = ("iri", "code", "string", "integer", "decimal", "boolean", "date")
        values = tuple(
            Parameter(name=each, type=each, default=default, description=self.text)
            for each, default in zip(forms, ("*", "*", self.text, None, "*", "*", "*"), strict=True)
        )
        told: dict[str, Any] = {"file": f"{self.text}.rq", "topic": self.text}
        rows = ((GRAPH + "low", next(self.addresses), self.text, self.text, ""),)
        first = NamedQuery(
            name="values",
            title=self.text,
            description=self.text,
            parameters=values,
            text=f"SELECT ?a {{ ?a a gg:Threshold }} # {self.text}",
            example=f"guidegraph query values --string {self.text}",
            **told,
        )
        second = NamedQuery(
            name="everything",
            title=self.text,
            description=self.text,
            parameters=(),
            text="SELECT ?thing ?label ?link { ?thing rdfs:label ?label ; rdfs:seeAlso ?link }",
            **told,
        )
        columns = ("a", "b", self.text, "d", "e")
        return tuple(
            QueryResult(query=each, columns=columns, rows=rows) for each in (first, second)
        )

    def content(self, known: Guideline, **given: Any) -> SiteContent:
        """Everything a site is built from, with a payload wherever there are words."""
        program = lower(known)
        told = {"guideline": known, "program": program, "folder": "marker", "overlay": self.text}
        made: dict[str, Callable[[], Any]] = {
            "findings": lambda: (self.diagnostic("F105", "rec-1"),),
            "audit": lambda: self.audit(known),
            "cases": lambda: self.cases(known),
            "verification": self.verification,
            "bands": lambda: (Picture(site_example.SVG, self.text),),
            "flowcharts": lambda: flowcharts(known, program),
            "pictures": lambda: site_example.pictures(known),
            "queries": self.queries,
            "downloads": self.downloads,
            "gaps": lambda: (Gap(target="graph", subject="rec-1", what=self.text),),
            "quotes": lambda: {"passage-1": (self.text, self.text)},
            "history": self.history,
        }
        parts = {name: make() for name, make in made.items() if name not in given}
        return SiteContent(**told, **parts, **given)

    def downloads(self) -> tuple[Download, ...]:
        """The graph that can be asked."""
        words = {"title": self.text, "description": self.text, "about": self.text}
        return (Download(path="graph/marker.ttl", text=turtle(), target="graph", **words),)


def flowcharts(known: Guideline, program: Program) -> dict[str, str]:
    """The flowchart of the example's pathway."""
    (chart,) = (
        each.text
        for each in FlowchartExporter().export(ExportInput(guideline=known, program=program))
        if each.path.endswith(".svg")
    )
    (name,) = (each.id for each in known.all(CarePathway))
    return {name: chart}


def in_two_languages(thing: Any) -> Any:
    """A thing whose every text, even an empty one, has words in English and in Dutch."""
    found: dict[str, Any] = {}
    for each in fields(thing):
        held = getattr(thing, each.name)
        if isinstance(held, Text) and "term" in each.metadata:
            words = str(held) or "words"
            found[each.name] = Text((("en", words), ("nl", words)))
    return replace(thing, **found)


def turtle() -> str:
    """What is published: every payload as a label, and those addresses that Turtle can write."""
    lines = [
        "@prefix d: <https://example.org/marker/> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
    ]
    written = [
        each for each in ADDRESSES if re.fullmatch(r'[a-z][^\x00-\x20<>"{}|^`\\\[\]]*', each)
    ]
    for number, each in enumerate(TEXTS):
        label = json.dumps(each.replace("\ud800", "").replace("\u0000", ""), ensure_ascii=False)
        address = written[number % len(written)]
        lines.append(f"d:thing-{number} rdfs:label {label} ; rdfs:seeAlso <{address}> .")
    return "\n".join(lines) + "\n"
