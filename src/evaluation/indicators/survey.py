"""The survey as estimation needs it: one design over all waves, with clinics, strata and raked weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from evaluation.errors import DataError
from evaluation.estimation.calibrate import rake
from evaluation.estimation.design import SurveyDesign, split_by_wave
from evaluation.indicators.tidy import AREA
from evaluation.privacy import Campaign, coarser_codes
from evaluation.study import Study


@dataclass(frozen=True, eq=False)
class Survey:
    """The answers up to one quarter.

    answers: the rows of `responses` in the study's regions, waves up to `quarter` (rows as in `design`).
    design: raked to `margins` (codes (n), totals), where the study has them; unraked: before that.
    wave, region (n): labels. place (n): "area" for treated regions, the comparison's own name.
    """

    study: Study
    quarter: str
    waves: tuple[str, ...]
    answers: pd.DataFrame
    design: SurveyDesign
    unraked: SurveyDesign
    margins: tuple[tuple[np.ndarray, np.ndarray], ...] = ()
    # Column -> share (0-1) of its answers left out before storing, where too few parents were alike.
    # Gone are those of parents who stand out, so that what is left tells nothing of how the column moved.
    left_out: Mapping[str, float] = field(default_factory=dict)

    # Every indicator asks for these labels; from the table of answers they are strings to convert anew.
    @cached_property
    def wave(self) -> np.ndarray:
        return self.answers["wave"].to_numpy(dtype=object)

    @cached_property
    def region(self) -> np.ndarray:
        return self.answers["region"].to_numpy(dtype=object)

    @cached_property
    def place(self) -> np.ndarray:
        comparison = self.study.area.comparison
        return np.where(self.region == comparison, comparison or "", AREA)

    @cached_property
    def period(self) -> np.ndarray:
        """(n) "before" in the wave from which the row's own region is counted (see `Study.before`), "after"
        in the quarter, "" in the other waves and in regions where distribution had not started."""
        since = {region: self.study.before(region) for region in self.study.all_regions}
        late = [region for region in since if not self.study.started(region, self.quarter)]
        own = np.array([since[region] for region in self.region.tolist()], dtype=object)
        period = np.where(self.wave == own, "before", np.where(self.wave == self.quarter, "after", ""))
        return np.where(np.isin(self.region, late), "", period)

    @cached_property
    def unweighted(self) -> "Survey":
        """The same answers, each counting once."""
        return replace(self, design=replace(self.unraked, weights=np.ones(len(self.answers))))

    def clinics(self, inside: np.ndarray) -> float:
        """How many clinics the respondents `inside` (n bool) come from; NaN when clinics are not known."""
        if not self.study.design.cluster:
            return float("nan")
        return float(len(np.unique(self.design.psu[inside])))

    def splits(self, column: str) -> bool:
        """Whether parents may be told apart by this background column: it was asked, and not more than
        `MOST_LEFT_OUT` of its answers were left out."""
        return column in self.answers and self.left_out.get(column, 0.0) <= MOST_LEFT_OUT

    def asked(self, *items: str) -> bool:
        """Whether every one of these questions is in the study and has an answer up to the quarter."""
        return all(item in self.study.items and (self.answers.get(item, _NONE) != "").any() for item in items)


_NONE = pd.Series([], dtype="str")

# A group lacks the parents whose answer was left out, and those stand out: its share is off by at most this
# part of how far they differ from the others (5 in 100: by 1.5 points where they differ by 30).
MOST_LEFT_OUT = 0.05


def read_survey(campaign: Campaign, quarter: str) -> Survey | None:
    """The survey up to `quarter`; None when the campaign has no survey.

    Raises StudyError for a quarter that is not a wave after the start, DataError for a wave up to then
    without responses or with one clinic, and for margins that the responses cannot be raked to.
    """
    study = campaign.study
    study.require_quarter(quarter)
    if "responses" not in campaign.tables:
        return None
    waves = tuple(wave for wave in study.waves if wave <= quarter)
    frame = campaign.tables["responses"]
    frame = frame[frame["wave"].isin(waves) & frame["region"].isin(study.all_regions)].reset_index(drop=True)
    _refuse_thin_waves(study, frame, waves)
    plain = SurveyDesign(
        weights=frame["weight"].to_numpy(dtype=float),
        strata=frame["stratum"].to_numpy(),
        clusters=frame["clinic"].to_numpy() if study.design.cluster else None,
    )
    unraked = split_by_wave(plain, frame["wave"])
    names, margins = _margins(study, frame, campaign.tables.get("margins"))
    design = rake(unraked, margins, cap=study.design.weight_cap, names=names) if margins else unraked
    return Survey(study, quarter, waves, frame, design, unraked, margins, _left_out(campaign.protection))


def _left_out(protection: Mapping) -> dict[str, float]:
    steps = [step for step in protection.get("steps", ()) if step["step"] == "left_out"]
    return {step["column"]: step["rows"] / protection["after"]["rows"] for step in steps}


def _refuse_thin_waves(study: Study, frame: pd.DataFrame, waves: tuple[str, ...]) -> None:
    for wave in waves:
        rows = frame[frame["wave"] == wave]
        if rows.empty:
            raise DataError("indicators.wave_empty", study=study.path.name, wave=wave)
        if (
            study.design.cluster
            and set(rows["clinic"]) - {""}
            and rows["clinic"].eq(rows["clinic"].iloc[0]).all()
        ):
            raise DataError("indicators.wave_one_clinic", study=study.path.name, wave=wave)


def margin_names(study: Study) -> list[str]:
    """The margins in the order of `Survey.margins`: that which lists the regions fixes the size of each area,
    to which rake brings the others."""
    return sorted(study.design.margins, key=lambda name: name != "region")


def _margins(study: Study, frame: pd.DataFrame, margins: pd.DataFrame | None):
    """Names and (codes, totals) of the margins to rake to: each wave for itself, within the places that each
    margin covers. None without a table of margins: the design's own weights stay (`unavailable` says so).
    """
    if margins is None or not study.design.margins:
        return [], ()
    names = margin_names(study)
    return names, tuple(_margin(study, frame, margins, name) for name in names)


# The category of parents of whom a margin's characteristic is not known, or not in the margin.
UNKNOWN = "?"


def _margin(
    study: Study, frame: pd.DataFrame, margins: pd.DataFrame, name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Codes (n; -1: a place the margin does not cover) and totals; a category per wave, place and answer.

    Respondents of unknown category keep their share of the place, and the known categories share out the rest
    in the population's proportions: a category of their own, since raking around them hardly converges. What
    may become coarser before it is stored counts as the coarser category (`coarser_codes`), in the sample and
    in the population.
    """
    rows = margins[(margins["margin"] == name) & margins["region"].isin(["", *study.all_regions])]
    if rows.empty or (name != "region" and name not in frame):
        raise DataError("indicators.margin_unknown", study=study.path.name, margin=name)
    covered = {row.region or AREA for row in rows.itertuples()}
    treated = dict.fromkeys(study.area.regions, AREA if AREA in covered else "")
    places = [region if region in covered else treated.get(region, "") for region in frame["region"].tolist()]
    answer = pd.Series("", index=frame.index) if name == "region" else frame[name]
    coarser = coarser_codes(study, name)
    sizes: dict[tuple[str, str], float] = {}
    for row in rows.itertuples():
        place = row.region or AREA
        cell = (place, coarser.get(row.category, row.category))
        sizes[cell] = sizes.get(cell, 0.0) + float(row.population)
    answer = answer.map(lambda code: coarser.get(code, code)).astype(object)
    known = [cell in sizes for cell in zip(places, answer.tolist(), strict=True)]
    cells = pd.DataFrame({"wave": frame["wave"], "place": places, "answer": answer.where(known, UNKNOWN)})
    cells["unknown"] = frame["weight"].where(~np.array(known), 0.0)
    cells["weight"] = frame["weight"]
    inside = cells[cells["place"] != ""]
    totals: dict[tuple[str, str, str], float] = {}
    found = set(inside[["wave", "place", "answer"]].itertuples(index=False, name=None))
    for (wave, place), weights in inside.groupby(["wave", "place"])[["unknown", "weight"]].sum().iterrows():
        share = weights["unknown"] / weights["weight"]
        own = {category: size for (where, category), size in sizes.items() if where == place}
        for category, size in own.items():
            if (wave, place, category) not in found:
                facts = {"margin": name, "category": category or place, "region": place, "wave": wave}
                raise DataError("indicators.margin_without_respondents", **facts)
            totals[wave, place, category] = size * (1 - share)
        if share > 0:
            totals[wave, place, UNKNOWN] = sum(own.values()) * share
    here = pd.MultiIndex.from_frame(cells[["wave", "place", "answer"]])
    return pd.MultiIndex.from_tuples(list(totals)).get_indexer(here), np.array(list(totals.values()))
