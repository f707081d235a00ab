"""What a cap on the weights gains in precision and costs in bias, for the primary outcome."""

import numpy as np
import pandas as pd

from evaluation.estimation import intervals
from evaluation.estimation.trimming import trimming_table
from evaluation.indicators.awareness import KINDS, score
from evaluation.indicators.survey import Survey
from evaluation.indicators.tidy import AREA, estimate, facts, table
from evaluation.indicators.tidy_rows import UNITS

# Where weights are cut off to show what that would do: multiples of the mean weight.
TRIMS = (3.0, 2.0, 1.5)


def from_survey(survey: Survey) -> pd.DataFrame:
    """Measure "trimming": the primary outcome's level in the area in the quarter, by weights
    (group: "raked" without a cap, "capped 5" as in the reports, "trimmed 3", ...: cut off afterwards). Note:
    `largest` weight over the mean, `shift` from raking without a cap (0-1 or points), `rmse`. Empty without
    margins."""
    outcome = survey.study.primary
    if not survey.margins or not survey.asked(*outcome.items):
        return table([])
    y, kind = score(survey, outcome), KINDS[outcome.kind]
    here = (survey.place == AREA) & (survey.wave == survey.quarter)
    caps = [survey.study.design.weight_cap]
    found = trimming_table(survey.unraked, survey.margins, y, here, caps, TRIMS)
    count = float(np.nansum(y[here])) if kind == "share" else np.nan
    rows = []
    for row in found[found["estimate"].notna() & found["se"].gt(0) & found["df"].ge(1)].to_dict("records"):
        lower, upper = intervals.symmetric(row["estimate"], row["se"], row["df"])
        numbers = {name: row[name] for name in ("estimate", "se", "df", "n", "deff")}
        rows.append(
            estimate(
                indicator=outcome.id,
                measure="trimming",
                region=AREA,
                level="area",
                wave=survey.quarter,
                group_by="weights",
                group=row["way"] if np.isnan(row["cap"]) else f"{row['way']} {row['cap']:g}",
                unit=UNITS[kind],
                lower=float(lower),
                upper=float(upper),
                count=count,
                clusters=survey.clinics(here & ~np.isnan(y)),
                method="taylor_t",
                note=facts(**{name: f"{round(row[name], 6):g}" for name in ("largest", "shift", "rmse")}),
                **numbers,
            )
        )
    return table(rows)
