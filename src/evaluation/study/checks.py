"""What a schema cannot say: the parts of a study file must agree with one another."""

from collections import Counter
from collections.abc import Iterable, Iterator

from evaluation.quarters import quarter_of
from evaluation.reference import municipalities
from evaluation.reference.questionnaire import Item
from evaluation.study.schema import StudyFile

# Where it stands, and what is wrong in Dutch and in English.
Contradiction = tuple[str, str, str]


def contradictions(declared: StudyFile, items: dict[str, Item]) -> Iterator[Contradiction]:
    """Every contradiction in a study file; items: all questions, the shipped ones and its own."""
    yield from _of_area(declared)
    yield from _of_waves(declared)
    yield from _of_outcomes(declared, items)
    yield from _of_items(declared, items)
    yield from _of_targets(declared)
    yield from _of_ladder(declared)
    yield from _of_style(declared)


def _of_area(declared: StudyFile) -> Iterator[Contradiction]:
    area = declared.area
    if doubles := _doubles(area.regions):
        yield "[area] regions", f"{doubles} staat er dubbel in", f"{doubles} is in it twice"
    if area.comparison in area.regions:
        yield "[area] comparison", "staat ook bij regions", "is also one of the regions"
    yield from _of_starts(declared)
    if (area.geography == "file") != (area.municipalities is not None):
        yield (
            "[area] municipalities",
            'hoort bij geography = "file" en noemt de tabel met gemeenten',
            'belongs to geography = "file" and names the table of municipalities',
        )
    if area.geography == "limburg":
        known = municipalities()[area.level].unique()
        names = ", ".join(sorted(known))
        for region in area.regions:
            if region not in known:
                yield "[area] regions", f"{region} is niet een van {names}", f"{region} is not one of {names}"


def _of_starts(declared: StudyFile) -> Iterator[Contradiction]:
    area, baseline = declared.area, declared.waves.baseline
    for region, start in area.starts.items():
        where = f"[area] starts {region}"
        if region not in area.regions:
            yield where, "staat niet bij regions", "is not one of the regions"
        elif start < declared.study.start:
            yield (
                where,
                f"ligt voor de start van de campagne ({declared.study.start})",
                f"lies before the start of the campaign ({declared.study.start})",
            )
        elif baseline and quarter_of(start) <= baseline:
            yield (
                where,
                f"ligt niet na de nulmeting van {baseline}",
                f"does not lie after the baseline of {baseline}",
            )


def _of_waves(declared: StudyFile) -> Iterator[Contradiction]:
    waves, responses = declared.waves, declared.files.responses
    quarters = waves.earlier + ((waves.baseline,) if waves.baseline else ()) + waves.after
    if list(quarters) != sorted(set(quarters)):
        yield "[waves]", "de kwartalen staan niet op volgorde", "the quarters are not in order"
    if waves.earlier and not waves.baseline:
        yield (
            "[waves] earlier",
            "noem ook de nulmeting (baseline)",
            "name the baseline too",
        )
    if responses and not (responses.wave or responses.wave_column):
        yield (
            "[files.responses]",
            "wave of wave_column ontbreekt, dus de meting van een antwoord is onbekend",
            "wave or wave_column is missing, so the wave of an answer is unknown",
        )


def _of_outcomes(declared: StudyFile, items: dict[str, Item]) -> Iterator[Contradiction]:
    primaries = sum(outcome.primary for outcome in declared.outcomes)
    if primaries != 1:
        yield (
            "[[outcomes]]",
            f"precies een uitkomst is primary, hier {primaries}",
            f"exactly one outcome is primary, here {primaries}",
        )
    if doubles := _doubles(outcome.id for outcome in declared.outcomes):
        yield "[[outcomes]] id", f"{doubles} staat er dubbel in", f"{doubles} is in it twice"
    for outcome in declared.outcomes:
        where = f"[[outcomes]] {outcome.id}"
        for item in outcome.items:
            if item not in items:
                yield where, f"vraag {item} bestaat niet", f"question {item} does not exist"
            elif items[item].key is None:
                yield (
                    where,
                    f"vraag {item} heeft geen goed antwoord (key)",
                    f"question {item} has no right answer (key)",
                )


def _of_items(declared: StudyFile, items: dict[str, Item]) -> Iterator[Contradiction]:
    for table in declared.items:
        where = f"[[items]] {table.id}"
        if table.scale == "choice" and not table.answers:
            yield where, "answers ontbreekt", "answers is missing"
        elif table.key is not None and table.key not in items[table.id].answers:
            yield (
                f"{where} key",
                "is niet een van de antwoorden in answers",
                "is not one of the answers in answers",
            )


def _of_targets(declared: StudyFile) -> Iterator[Contradiction]:
    for name, target in declared.targets.items():
        if target.kind in ("at_least", "at_most") and target.value is None:
            yield f"[targets] {name}", "value ontbreekt", "value is missing"
        if target.kind == "keep" and target.value is not None:
            yield f"[targets] {name}", "keep heeft geen value", "keep has no value"


def _of_ladder(declared: StudyFile) -> Iterator[Contradiction]:
    limits = declared.disclosure
    for number, step in enumerate(limits.ladder, 1):
        where = f"[disclosure] ladder {number} ({step.column})"
        if step.column == "region":
            yield where, "de regio blijft altijd staan", "the region always stays"
        if step.level and step.column != "municipality":
            yield where, "level hoort alleen bij municipality", "level belongs to municipality only"
        if step.level and step.codes:
            yield where, "kies level of codes, niet allebei", "choose level or codes, not both"
        if back := sorted(set(step.codes.values()) & set(step.codes)):
            yield where, f"{back[0]} staat links en rechts", f"{back[0]} stands on the left and on the right"
    ends = {step.column for step in limits.ladder if not step.level and not step.codes}
    for name in limits.quasi_identifiers:
        if name not in ends and name not in ("region", "wave"):
            yield (
                "[disclosure] ladder",
                f'de laatste stap van {name} ontbreekt: {{ column = "{name}" }}',
                f'the last step of {name} is missing: {{ column = "{name}" }}',
            )


def _of_style(declared: StudyFile) -> Iterator[Contradiction]:
    style = declared.style
    if (style.logo is None) != (style.logo_text is None):
        yield (
            "[style]",
            "logo en logo_text (wat het logo laat zien) horen bij elkaar",
            "logo and logo_text (what the logo shows) belong together",
        )
    if (style.font is None) != (style.font_bold is None):
        yield "[style]", "font en font_bold horen bij elkaar", "font and font_bold belong together"


def _doubles(names: Iterable[str]) -> str:
    return ", ".join(name for name, times in Counter(names).items() if times > 1)
