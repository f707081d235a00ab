"""The planted truth: consistent in itself and with the margins, and found back in the answers."""

import itertools

import numpy as np
import pytest

from evaluation.reference import municipalities
from evaluation.sample import people, planted
from evaluation.sample.places import SURVEY_CLINICS, survey_clinics

REGIONS = ("Noord-Limburg", "Midden-Limburg", "Westelijke Mijnstreek", "Parkstad", "Maastricht-Heuvelland")
COMPARISON = "Helmond-De Peel"
RIGHT = {"K1": "Waar", "K2": "Niet waar", "K3": "Niet waar", "K4": "Waar"} | {
    "K5": "Waar", "K6": "Niet waar", "K7": "Waar", "K8": "Niet waar",
}  # fmt: skip


def _parents(tables) -> dict[str, int]:
    return {row["Regio"]: int(row["Aantal"]) for row in tables["margins.csv"] if row["Kenmerk"] == "region"}


@pytest.mark.parametrize("outcome", ["aware", "index", "seen"])
def test_limburg_is_the_mean_of_its_regions_weighted_with_the_margins(tables, truth, outcome):
    parents = _parents(tables)
    total = sum(parents[region] for region in REGIONS)
    for wave, value in truth[outcome]["area"].items():
        mean = sum(parents[region] * truth[outcome][region][wave] for region in REGIONS) / total
        assert value == pytest.approx(mean, abs=2e-6 * (100 if outcome == "index" else 1))


def test_margins_agree_with_one_another(tables):
    parents = _parents(tables)
    assert set(parents) == {*REGIONS, COMPARISON}
    sums: dict[tuple[str, str], int] = {}
    for row in tables["margins.csv"]:
        key = (row["Kenmerk"], row["Regio"])
        sums[key] = sums.get(key, 0) + int(row["Aantal"])
    assert all(sums["education", region] == parents[region] for region in parents)
    assert sums["language", ""] == sum(parents[region] for region in REGIONS)
    assert sums["language", COMPARISON] == parents[COMPARISON]


def test_changes_and_difference_in_differences(truth):
    for outcome in ("aware", "index"):
        for region, waves in truth[outcome].items():
            for wave, value in waves.items():
                assert truth["change"][outcome][region][wave] == pytest.approx(
                    value - waves["2025Q3"], abs=1e-5
                )
        for wave, value in truth["did"][outcome].items():
            change = truth["change"][outcome]
            assert value == pytest.approx(change["area"][wave] - change[COMPARISON][wave], abs=1e-5)


def test_effects_are_of_published_size_and_differ_by_region(truth):
    rise = {region: truth["change"]["aware"][region]["2026Q3"] for region in (*REGIONS, COMPARISON)}
    assert sorted(rise.values()) == [0.0, 0.01, 0.05, 0.07, 0.08, 0.11]
    assert rise[COMPARISON] == 0.01
    index = truth["change"]["index"]["area"]["2026Q3"]
    assert 1 <= index <= 6  # published effects of leaflets, in points of 100
    assert truth["aware"]["area"]["2025Q3"] == pytest.approx(0.40, abs=0.01)
    assert truth["adverse_if_read"] == pytest.approx(0.055, abs=0.01)


def _columns(rows, waves_region):
    aware = np.array([row["K1"] == RIGHT["K1"] and row["K2"] == RIGHT["K2"] for row in rows], dtype=float)
    index = np.array([100 * np.mean([row[item] == right for item, right in RIGHT.items()]) for row in rows])
    region = np.array([waves_region[row["A3"]] for row in rows])
    return aware, index, region


def _raked(rows, region, tables) -> np.ndarray:
    """Weights by iterative proportional fitting to region, education by region and language by area."""
    levels = {
        "Basisonderwijs, vmbo of mbo 1": "laag",
        "Havo, vwo of mbo 2, 3 of 4": "midden",
        "Hbo of universiteit": "hoog",
    }
    spoken = {"Nederlands of Limburgs": "Nederlands", "Een andere taal": "Andere taal"}
    where = ["" if name in REGIONS else COMPARISON for name in region]
    keys = [
        [("region", name, "") for name in region],
        [("education", name, levels.get(row["A4"])) for name, row in zip(region, rows, strict=True)],
        [("language", name, spoken.get(row["A5"], row["A5"])) for name, row in zip(where, rows, strict=True)],
    ]
    total = {(r["Kenmerk"], r["Regio"], r["Categorie"]): int(r["Aantal"]) for r in tables["margins.csv"]}
    coded = []
    for column in keys:
        names = sorted({key for key in column if key in total})
        code = np.array([names.index(key) if key in total else len(names) for key in column])
        coded.append((code, np.array([total[name] for name in names], dtype=float)))
    weights = np.ones(len(rows))
    for _ in range(50):
        for code, wanted in coded:
            have = np.bincount(code, weights, len(wanted) + 1)
            weights *= np.append(wanted / have[:-1], 1.0)[code]
    return weights


def test_the_truth_is_found_back_in_the_raw_answers(tables, answers, truth):
    """Raked means lie within four standard errors of the truth; unweighted ones are too high."""
    table = municipalities()
    regions = dict(zip(table["name"], table["subregion"], strict=True))
    regions |= dict.fromkeys(planted.COMPARISON_MUNICIPALITIES.values(), COMPARISON)
    too_high = []
    for wave, rows in answers.items():
        aware, index, region = _columns(rows, regions)
        weights = _raked(rows, region, tables)
        for name in (*REGIONS, COMPARISON):
            there = region == name
            n = weights[there].sum() ** 2 / (weights[there] ** 2).sum()
            # A design effect of 2 for clinics on top of that of the weights.
            for values, outcome, spread in ((aware, "aware", 0.5), (index, "index", 25.0)):
                mean = np.average(values[there], weights=weights[there])
                assert abs(mean - truth[outcome][name][wave]) < 4 * spread * np.sqrt(2 / n), (wave, name)
        limburg = region != COMPARISON
        too_high.append(aware[limburg].mean() - np.average(aware[limburg], weights=weights[limburg]))
    assert np.mean(too_high) > 0.01


def test_with_very_many_parents_the_planted_shares_come_back(monkeypatch):
    """The shares hold for the population: undoing the unequal response gives them back."""
    monkeypatch.setattr(people, "AFTER_PER_AREA", (40_000,) * 6)
    clinics = survey_clinics(1)
    drawn = people.draw_wave(1, 4, clinics)
    weights = 1 / (
        planted.RESPONSE_BY_EDUCATION[drawn["education"]] * planted.RESPONSE_BY_LANGUAGE[drawn["language"]]
    )
    weights /= np.bincount(drawn["clinic"], weights)[drawn["clinic"]]  # every clinic counts alike
    for area in range(6):
        there = drawn["area"] == area
        for values, expected in (
            (drawn["aware"], planted.aware()[area, 4]),
            (drawn["seen"], planted.seen()[area, 4]),
            *((drawn["right"][:, k], planted.knowledge()[area, 4, k]) for k in range(8)),
        ):
            found = np.average(values[there], weights=weights[there])
            assert found == pytest.approx(expected, abs=0.012)


def test_clinics_differ_as_much_as_planned():
    lasting, passing = people.clinic_deviations(5)
    variance = lasting.var() + passing.var()
    assert 0.015 < variance / (0.4 * 0.6) < 0.025
    edges = np.cumsum((0, *SURVEY_CLINICS))
    for start, end in itertools.pairwise(edges):
        assert abs(lasting[start:end].mean()) < 1e-12


def test_orders_add_up(tables, truth):
    copies, buyers = 0, set()
    registered: dict[str, str] = {row["Organisatie"]: row["Soort"] for row in tables["organisations.csv"]}
    once = {tuple(row.values()): row for row in tables["orders.csv"]}
    for row in once.values():
        sound = row["Status"] in ("Afgerond", "In behandeling") and not row["Klantnotitie"]
        if sound and len(row["Postcode (verzending)"]) >= 6 and row["Postcode (verzending)"][0].isdigit():
            buyers.add(row["Bedrijf (verzending)"])
            if row["Artikelnummer"].startswith("FOL"):
                copies += int(row["Aantal"]) * int(row["Artikelnummer"].split("-")[-1])
    assert truth["orders"]["ordered_copies"] == copies
    for setting, count in truth["orders"]["adopted"].items():
        assert count == sum(registered.get(name) == setting for name in buyers)
        assert truth["orders"]["registered"][setting] == list(registered.values()).count(setting)
