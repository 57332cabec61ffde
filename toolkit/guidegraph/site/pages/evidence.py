"""The evidence that was judged to bear on a thing: study, design, size, result, how directly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from guidegraph.model import (
    Appraisal,
    EvidenceClaim,
    EvidenceRelation,
    Recommendation,
    StatisticalResult,
    Study,
)
from guidegraph.site.addresses import page_path
from guidegraph.site.blocks import (
    Block,
    Fold,
    Item,
    Items,
    Line,
    Page,
    Prose,
    Row,
    Section,
    Span,
    Table,
    words,
)
from guidegraph.site.chapters import RECOMMENDATIONS
from guidegraph.site.pages.drawn import placed
from guidegraph.site.safe import slug
from guidegraph.site.structured import guideline_data
from guidegraph.site.view import CERTAINTY_MARKS, View, joined
from guidegraph.wording import plural, readable, unit_label

COLUMNS = (
    "Claim",
    "Study",
    "Design",
    "n",
    "Result as printed",
    "Bearing",
    "Directness",
    "Certainty",
)
NOTE = (
    "Each link was judged by the encoders; the source grades nothing unless a cell says so. "
    "Directness and certainty stand where somebody recorded a judgement."
)
FEW_RESULTS = 3
HEAVY = 8_000
"""From how many bytes on a drawing has a page of its own."""

DRAWN = "From papers and studies to this advice"
CAPTION = "From papers and studies through claims to the advice. Each box is a link."
INDIRECTNESS, CERTAINTY = "Indirectness", "CertaintyOfEvidence"


def relations(seen: View, name: str, *, is_expected: bool = False) -> Section | None:
    """The claims that were judged to bear on a thing: in short, then each with its figures.

    ``is_expected`` says so where there is none.
    """
    found = seen.links.evidence_for(name)
    if not found:
        said = words("No claim of this graph was judged to bear on this.", style="quiet")
        empty = Section("Evidence", (Prose((said,)),), anchor="evidence")
        return empty if is_expected else None
    rows = tuple(_row(seen, each) for each in found)
    reasons = tuple(_reason(seen, each) for each in found)
    title = f"{plural(len(found), 'claim')} with study, design, size and result"
    return Section(
        "Evidence",
        (
            Prose((_in_short(seen, found),)),
            Fold(
                title,
                (
                    Table("Claims judged to bear on this", COLUMNS, rows, "evidence"),
                    Prose((words("Why each was judged so", style="strong"),)),
                    Items(reasons, "reasons"),
                ),
            ),
        ),
        anchor="evidence",
        note=NOTE,
    )


def _in_short(seen: View, found: Iterable[EvidenceRelation]) -> Line:
    """How many claims bear on it, and how: ``7 claims: partly supports 3, disputes 1.``"""
    counted = Counter(seen.guideline.words(each.relation_type) for each in found)
    told = ", ".join(f"{kind} {readable(count)}" for kind, count in counted.items())
    return (Span(plural(counted.total(), "claim"), style="strong"), Span(f": {told}."))


def _row(seen: View, relation: EvidenceRelation) -> Row:
    claim = seen.guideline.get(relation.evidence, EvidenceClaim)
    study = seen.guideline.get(claim.study, Study) if claim else None
    return Row(
        (
            seen.wording.name(relation.evidence),
            seen.wording.name(study.id if study else None) or _unstated(),
            design(seen, claim, study) or _unstated(),
            size(claim, study) or _unstated(),
            _results(seen, claim) or words("no figure recorded", style="quiet"),
            words(seen.guideline.words(relation.relation_type), style="tag"),
            _judged(seen, INDIRECTNESS, relation, study) or _unstated(),
            _judged(seen, CERTAINTY, relation, study) or _unstated(),
        )
    )


def _unstated() -> Line:
    return words("not stated", style="quiet")


def design(seen: View, claim: EvidenceClaim | None, study: Study | None) -> Line:
    """The design a claim's passage states, and that of its study where it is another."""
    designs = (each.design for each in (claim, study) if each)
    told = [each for each in designs if each and each != "NotStated"]
    kinds = [seen.guideline.words(each) for each in dict.fromkeys(told)]
    if len(kinds) > 1:
        return (Span(kinds[0]), Span(f" (elsewhere: {kinds[1]})", style="quiet"))
    return words("".join(kinds))


def size(claim: EvidenceClaim | None, study: Study | None) -> Line:
    """The patients a claim is about, and those of its study where they are more or fewer."""
    inside = claim.sample_size if claim else None
    whole = study.sample_size if study else None
    if inside is None and whole is None:
        return ()
    if inside is None or whole is None or inside == whole:
        held = inside if inside is not None else whole
        return words(readable(held or 0), style="figure")
    rest = Span(f" of {readable(whole)} in the study", style="quiet")
    return (Span(readable(inside), style="figure"), rest)


def _results(seen: View, claim: EvidenceClaim | None) -> Line:
    """The first numbers of a claim as printed, each with its interval; more are on its page."""
    if claim is None:
        return ()
    found = [e for name in claim.results if (e := seen.guideline.get(name, StatisticalResult))]
    shown = list(dict.fromkeys(_result(seen, each) for each in found))
    if not shown:
        shown = [words(each, style="printed") for each in claim.reported_texts]
    line = joined(shown[:FEW_RESULTS], " · ")
    more = len(shown) - FEW_RESULTS
    return (*line, Span(f" and {readable(more)} more", style="quiet")) if more > 0 else line


def _result(seen: View, result: StatisticalResult) -> Line:
    """A number as printed; its interval too, unless the printed text already holds it."""
    printed = (Span(result.reported_text, style="printed"),)
    ends = [readable(each) for each in (result.low, result.high) if each is not None]
    if not ends:
        return printed
    kind = seen.guideline.words(result.interval_type) or "interval"
    is_printed = all(each in result.reported_text for each in ends)
    shown = "" if is_printed else f" {' to '.join(ends)} {unit_label(result.unit)}".rstrip()
    return (*printed, Span(f" ({kind}{shown})", style="quiet"))


def _judged(seen: View, domain: str, relation: EvidenceRelation, study: Study | None) -> Line:
    """What somebody judged in one domain about the link, its claim or its study."""
    about = {relation.id, relation.evidence, study.id if study else relation.id}
    found = [
        each
        for each in seen.guideline.all(Appraisal)
        if each.domain == domain and each.appraises in about
    ]
    return joined([_judgement(seen, each) for each in found], "; ")


def _judgement(seen: View, judged: Appraisal) -> Line:
    mark = CERTAINTY_MARKS.get(judged.judgement, "")
    return (Span(seen.guideline.words(judged.judgement), style="tag", mark=mark),)


def _reason(seen: View, relation: EvidenceRelation) -> Item:
    name = seen.wording.name(relation.evidence)
    kind = seen.guideline.words(relation.relation_type)
    said = seen.wording.said(relation.rationale) or words("no reason recorded", style="quiet")
    return Item((*name, Span(": "), *said), label=(Span(kind, style="tag"),))


# --- the drawing ----------------------------------------------------------------------------------


def drawing(seen: View, advice: Recommendation) -> Section | None:
    """The evidence around a recommendation as a picture; the way to it where it is a heavy one."""
    svg = seen.content.pictures.get(_picture(advice))
    if svg is None:
        return None
    if is_heavy(svg):
        to = drawing_path(advice)
        blocks: tuple[Block, ...] = (Prose((words(f"{DRAWN}, on a page of its own", to=to),)),)
    else:
        figure = placed(seen, svg, page_path(advice) or "", CAPTION)
        blocks = (Fold(DRAWN, (figure,)),)
    return Section("Evidence as a picture", blocks, anchor="evidence-drawing")


def drawings(seen: View) -> Iterator[Page]:
    """A page for each drawing that would make the page of its recommendation heavy."""
    for advice in seen.guideline.recommendations:
        svg = seen.content.pictures.get(_picture(advice))
        if svg is not None and is_heavy(svg):
            path = drawing_path(advice)
            yield Page(
                path=path,
                index=RECOMMENDATIONS.index,
                title=f"Evidence around: {advice.label}",
                eyebrow=(Span("Recommendation "), Span(advice.id, style="code")),
                lead=(Span("Back to "), *seen.wording.name(advice.id)),
                sections=(Section("", (placed(seen, svg, path, CAPTION),)),),
                structured=guideline_data(seen),
                style="wide",
            )


def drawing_path(advice: Recommendation) -> str:
    """The page of a heavy drawing."""
    return f"drawings/{slug(advice.id)}.html"


def is_heavy(svg: str) -> bool:
    """Whether a drawing stands on a page of its own, so that the page it is about stays light."""
    return len(svg.encode()) > HEAVY


def _picture(advice: Recommendation) -> str:
    return f"evidence-{advice.id}"
