"""Planning the next measurement: what it can show, and how large it must be."""

from dataclasses import dataclass

import pandas as pd
from IPython.display import HTML, SVG, display

from evaluation.estimation import power as formulas
from evaluation.report.figures.curves import Curve, Panel, curve_chart
from evaluation.report.wording import numbers, words

DESIGNS = ("before_after", "did")


@dataclass(frozen=True)
class Plan:
    """A planned measurement: `baseline_share` and `change` 0-1, `clinics` in the area (and as many in the
    comparison area), `parents` per clinic and wave, `intraclass` correlation, two-sided `alpha`, `power`."""

    baseline_share: float
    change: float
    clinics: int
    parents: int
    intraclass: float
    power: float
    alpha: float

    def answer(self) -> pd.DataFrame:
        """Per design: the smallest rise that shows (0-1), and what `change` asks: clinics, parents per wave
        and area, and parents per wave and area were they drawn one by one."""
        rows = []
        for design in DESIGNS:
            one_by_one = formulas.size_before_after
            if design == "did":
                one_by_one = formulas.size_difference_in_differences
            needed = self._needed(design)
            rows.append(
                {
                    "design": design,
                    "design effect": formulas.design_effect(self.intraclass, self.parents),
                    "smallest detectable rise": self.detectable(design, self.clinics, self.parents),
                    "clinics needed": needed,
                    "parents needed": needed * self.parents,
                    "needed if drawn one by one": one_by_one(
                        self.baseline_share, self.change, alpha=self.alpha, power=self.power
                    ),
                }
            )
        whole = ["clinics needed", "parents needed"]
        return pd.DataFrame(rows).set_index("design").astype(dict.fromkeys(whole, "Int64"))

    def table(self, design: str) -> pd.DataFrame:
        """The smallest rise that shows (0-1): a row per number of clinics, a column per parents a clinic.
        design: "before_after" or "did". Empty where no rise could show."""
        found = formulas.planning_table(
            self.baseline_share,
            self.intraclass,
            self._steps(self.clinics, 2),
            self._steps(self.parents, 1),
            design == "did",
            self.alpha,
            self.power,
        )
        return found.pivot_table(index="clinics", columns="parents", values="detectable", dropna=False)

    def detectable(self, design: str, clinics: int, parents: int) -> float:
        """The smallest rise (0-1) that shows with these numbers; NaN when none does."""
        return formulas.detectable_change(
            self.baseline_share,
            clinics,
            parents,
            self.intraclass,
            clinics if design == "did" else 0,
            alpha=self.alpha,
            power=self.power,
        )

    def lines(self) -> list[int]:
        """Parents per clinic that the curves compare: half as many, as planned, twice as many."""
        return sorted({max(self.parents // 2, 1), self.parents, 2 * self.parents})

    def _needed(self, design: str) -> float:
        return formulas.clinics_needed(
            self.baseline_share,
            self.change,
            self.parents,
            self.intraclass,
            design == "did",
            alpha=self.alpha,
            power=self.power,
        )

    @staticmethod
    def _steps(middle: int, least: int) -> list[int]:
        return sorted({max(round(middle * step), least) for step in (0.5, 0.75, 1, 1.5, 2, 3)})


def plan(
    baseline_share: float,
    change: float,
    clinics: int,
    parents: int,
    intraclass: float,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Plan:
    """A plan, its values checked (DataError names the one that cannot be)."""
    values = {"baseline_share": baseline_share, "change": change, "clinics": clinics, "parents": parents}
    values |= {"intraclass": intraclass, "power": power, "alpha": alpha}
    formulas.check_plan(**values)
    return Plan(**values)


def curves(planned: Plan, language: str) -> None:
    """Show the smallest rise that shows against the number of clinics, for both designs."""
    drawn = chart(planned, language)
    display(HTML(f"<h4>{words(language)('planning.title')}</h4>"))
    display(SVG(drawn.svg))
    display(HTML(f"<p><small>{drawn.alt}</small></p>"))


def chart(planned: Plan, language: str):
    """The figure behind `curves`."""
    say = words(language)
    most = max(2 * planned.clinics, 10)
    counts = sorted({*range(3, most + 1, max(1, most // 40)), planned.clinics})
    panels = []
    for design in DESIGNS:
        own = []
        for parents in planned.lines():
            points = [(float(c), 100 * planned.detectable(design, c, parents)) for c in counts]
            name = say("planning.line", parents=numbers.number(parents, language))
            own.append(Curve(name, tuple((x, y) for x, y in points if y == y), parents == planned.parents))
        at = 100 * planned.detectable(design, planned.clinics, planned.parents)
        panels.append(Panel(say(f"planning.{design}"), tuple(own), (float(planned.clinics), at)))
    rows = [
        say(
            "planning.alt_row",
            design=panel.title,
            clinics=numbers.number(planned.clinics, language),
            parents=numbers.number(planned.parents, language),
            change=numbers.number(panel.mark[1], language, 1),
        )
        for panel in panels
        if panel.mark[1] == panel.mark[1]
    ]
    alt = say("planning.alt", lines=" ".join(rows))
    return curve_chart(
        panels, say, "planning", say("planning.title"), alt, say("planning.clinics"), say("planning.change")
    )
