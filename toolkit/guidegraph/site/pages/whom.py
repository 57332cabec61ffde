"""What applies to whom: the recommendations by population, those for the same people together."""

from __future__ import annotations

from guidegraph.model import Population, Recommendation, RecommendationGroup
from guidegraph.site.blocks import Prose, Row, Section, Table, words
from guidegraph.site.pages.recommendations import members
from guidegraph.site.safe import slug
from guidegraph.site.view import View, modality

EVERYONE = "Everyone"


def for_whom(seen: View) -> list[Section]:
    """A section for each population with advice, the printed group beside each recommendation."""
    by_population: dict[str, list[Recommendation]] = {}
    for each in seen.guideline.recommendations:
        by_population.setdefault(each.population or "", []).append(each)
    order = [each.id for each in seen.guideline.all(Population)]
    names = sorted(by_population, key=lambda name: order.index(name) if name in order else -1)
    return [_section(seen, name, by_population[name]) for name in names]


def _section(seen: View, name: str, found: list[Recommendation]) -> Section:
    population = seen.guideline.get(name, Population)
    title = str(population.label) if population else EVERYONE
    groups = seen.guideline.all(RecommendationGroup)
    inside = [members(seen, group) for group in groups]
    places = {each.id: at for at, each in enumerate(seen.guideline.recommendations)}

    def group_of(advice: Recommendation) -> int:
        return next((at for at, held in enumerate(inside) if advice.id in held), len(groups))

    rows = tuple(
        Row(
            (
                seen.wording.name(each.id),
                seen.wording.name(groups[group_of(each)].id)
                if group_of(each) < len(groups)
                else (),
                (modality(seen, each.modality),),
            )
        )
        for each in sorted(found, key=lambda each: (group_of(each), places[each.id]))
    )
    table = Table(title, ("Recommendation", "Where it is printed", "Wording"), rows, "advice")
    defined = seen.wording.name(population.id) if population else ()
    return Section(
        f"For: {title[:1].lower()}{title[1:]}" if population else EVERYONE,
        (Prose(((*words("Who this is: "), *defined),) if defined else ()), table),
        anchor=f"for-{slug(name) if name else 'everyone'}",
    )
