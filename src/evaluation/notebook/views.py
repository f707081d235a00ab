"""Frames for a researcher's eye: the checked estimates and the receipts, without formatting for print."""

from dataclasses import astuple

import pandas as pd

from evaluation import disclosure
from evaluation.disclosure import other_groups as _other_groups
from evaluation.indicators import catalogue
from evaluation.indicators.tidy import KEYS, fact
from evaluation.notebook.restated import MEASURE, restated_name
from evaluation.notebook.session import Findings
from evaluation.privacy import Campaign
from evaluation.reference import municipalities, quarantine_rules
from evaluation.report.wording import words
from evaluation.report.writers.site import site_words

# The answer and its uncertainty before what it rests on.
_FIRST = ("estimate", "lower", "upper", "p", "p_adjusted", "n", "n_before", "se", "df")
# Why a row is suppressed, as far as a published notebook says it.
TOO_FEW = "too few to show"
_ALWAYS = ("indicator", "region", "estimate", "lower", "upper", "n", "status")


def estimates(
    found: Findings,
    indicator: str | list[str] | None = None,
    measure: str | list[str] | None = None,
    level: str | list[str] | None = None,
    wave: str | None = None,
) -> pd.DataFrame:
    """The checked estimates that match. Columns are left out that are empty for all of them, or that say no
    more than the one indicator, measure, level or wave asked for.

    Shares are 0-1, points 0-100; a suppressed row keeps its place and says that it is. Which rule hid it
    would tell what it was, and which of two rows protects the other. n_effective is n / deff: as many
    respondents drawn one by one would have been as precise.
    """
    checked = found.checked
    why = checked["reason"].mask(checked["reason"].ne(""), TOO_FEW)
    rows = checked.assign(n_effective=checked["n"] / checked["deff"], reason=why)
    for column, wanted in (("indicator", indicator), ("measure", measure), ("level", level), ("wave", wave)):
        if wanted is not None:
            rows = rows[rows[column].isin([wanted] if isinstance(wanted, str) else wanted)]
    asked = {"indicator": indicator, "measure": measure, "level": level, "wave": wave}
    shown = [
        column
        for column in dict.fromkeys((*KEYS, "unit", *_FIRST, *rows))
        if not isinstance(asked.get(column), str)
        and (column in _ALWAYS or (rows[column].notna() & rows[column].ne("")).any())
    ]
    return rows[shown].reset_index(drop=True)


def receipts(campaign: Campaign) -> pd.DataFrame:
    """One row per file: rows read, accepted and quarantined; read = accepted + quarantined.

    Names are looked for in open answers, where deduce is installed ("-": the file has no open answers).
    """
    rows = [
        {
            "file": receipt["file"],
            "kind": receipt["kind"],
            "format": receipt["format"],
            "read": receipt["read"],
            "accepted": receipt["accepted"],
            "quarantined": sum(receipt["quarantined"].values()),
            "columns dropped": len(receipt["columns_dropped"]),
            "names looked for by": (receipt.get("names") or {"by": "-"})["by"] or "nobody",
        }
        for receipt in campaign.receipts
    ]
    return pd.DataFrame(rows)


def risk(campaign: Campaign) -> pd.DataFrame:
    """How easily a parent could be told apart, as the answers came in and as they are stored.

    Rows, classes of parents alike in the quasi-identifiers, the smallest class (k), uniques, rows in classes
    under the study's k, expected number of rows told to be somebody and largest risk of a row (0-1; Benedetti
    and Franconi), special uniques and the largest SUDA2 score, fewest different answers in a class (l_...).

    Empty where the study names no quasi-identifier that the answers have.
    """
    found = campaign.protection
    if not found:
        return pd.DataFrame(columns=["as it came in", "as stored"])
    table = pd.DataFrame({"as it came in": found["before"], "as stored": found["after"]})
    return table.reindex(list(found["before"])).rename_axis("measure")


def generalised(campaign: Campaign, language: str) -> pd.DataFrame:
    """What was made coarser or left out so that at least k parents are alike: parents per characteristic and
    step, in "nl" or "en"."""
    say = site_words(language)
    rows = [
        (say[f"receipt_column_{step['column']}"], step["step"], step["rows"])
        for step in campaign.protection.get("steps", [])
    ]
    return pd.DataFrame(rows, columns=["characteristic", "step", "parents"])


def quarantined(campaign: Campaign, language: str) -> pd.DataFrame:
    """How many rows each rule refused, per file and column, and what to do about it, in "nl" or "en".

    The row numbers are in the quarantine file of the release.
    """
    rules = quarantine_rules()
    counted = campaign.quarantine.groupby(["file", "rule", "column"]).size().rename("rows").reset_index()
    counted["what is wrong"] = [rules[rule][language] for rule in counted["rule"]]
    counted["what to do"] = [rules[rule][f"remedy_{language}"] for rule in counted["rule"]]
    return counted


def bases(found: Findings) -> pd.DataFrame:
    """Unweighted number of respondents behind the primary outcome: a row per region, a column per wave."""
    rows = estimates(found, found.study.primary.id, "level", ["area", "region", "comparison"])
    places = ["area", *found.study.all_regions]
    return rows.pivot_table(index="region", columns="wave", values="n").reindex(places).astype("Int64")


def completeness(found: Findings) -> pd.DataFrame:
    """Share of respondents (0-1, unweighted) that answered the whole primary outcome, and of whom the
    characteristics are known that answers are weighted by: a row per wave and region."""
    rows = found.checked[found.checked["indicator"].isin(["answered", "background"])]
    table = rows.pivot_table(index=["wave", "region"], columns="indicator", values="estimate", sort=False)
    bases = rows[rows["indicator"] == "answered"].set_index(["wave", "region"])["n"]
    table.insert(0, "respondents", bases.reindex(table.index).astype("Int64"))
    return table.sort_index(level="wave", sort_remaining=False)


def trimming(found: Findings) -> pd.DataFrame:
    """The primary outcome in the area by way of capping weights: what a cap gains in precision and costs in
    bias (`shift` from raking without a cap)."""
    rows = estimates(found, found.study.primary.id, "trimming")
    facts = pd.DataFrame(
        [{name: fact(note, name) for name in _FACTS} for note in rows["note"]], columns=_FACTS
    )
    kept = [name for name in ("group", "estimate", "se", "n", "deff", "n_effective") if name in rows]
    return pd.concat([rows[kept], facts.astype(float)], axis=1).rename(columns={"group": "weights"})


_FACTS = ["largest", "shift", "rmse"]


def questions(found: Findings) -> pd.DataFrame:
    """The knowledge questions in the area: difficulty (share that knows it), item-rest correlation, and the
    comparability of the waves (log odds of the later wave given the other questions, with Holm's p)."""
    rows = found.checked[found.checked["indicator"].str.startswith("item_")]
    here = rows[(rows["wave"] == found.quarter) & (rows["group_by"] == "")]
    level = here[(here["measure"] == "level") & (here["level"] == "area")].set_index("indicator")
    table = pd.DataFrame({"difficulty": level["estimate"], "n": level["n"].astype("Int64")})
    for measure, columns in (
        ("item_rest", {"item_rest": "estimate"}),
        ("comparability", {"easier (log odds)": "estimate", "p_adjusted": "p_adjusted"}),
    ):
        own = here[here["measure"] == measure].set_index("indicator")
        table = table.assign(**{name: own[source] for name, source in columns.items()})
    return table.rename_axis("question").rename(index=lambda name: name.removeprefix("item_"))


def hidden(found: Findings) -> pd.DataFrame:
    """How many estimates are shown, flagged and suppressed, per indicator and level."""
    return disclosure.summary(found.checked)


def coarser(campaign: Campaign, found: Findings, language: str) -> pd.DataFrame:
    """What coarser groupings would show more: numbers and hidden ones as they are and taken together, after
    protecting the coarser table anew (apart from earlier releases). In "nl" or "en"; most gained first."""
    estimates = catalogue.all_estimates(campaign, found.quarter)
    say, limits = words(language), found.study.disclosure
    level = estimates["measure"].eq("level") & estimates["n"].notna()
    regions = level & estimates["group_by"].eq("") & estimates["level"].isin(["region", "comparison"])
    told = estimates["group"].ne("unknown")
    options = [
        (f"group.{name}", told & estimates["group_by"].eq(name), "group", _other_groups(estimates, name))
        for name in found.study.groups
    ]
    if found.study.area.geography == "limburg" and found.study.area.level == "subregion":
        known = municipalities()
        options.append(
            ("corop", regions, "region", dict(zip(known["subregion"], known["corop"], strict=True)))
        )
        towns = estimates["level"].eq("municipality")
        options.append(("region", towns, "region", dict.fromkeys(known["code"], "")))
    earlier = [wave for wave in found.study.after if wave < found.quarter]
    options.append(("wave", regions, "wave", dict.fromkeys(earlier, found.quarter)))
    rows = []
    # Totals of other quarters that were corrected stand behind the quarter's own estimates.
    own = found.checked[found.checked["measure"].ne(MEASURE)]
    for name, chosen, column, names in options:
        hidden_now = chosen & own["status"].eq("suppressed").to_numpy()
        kinds = set(estimates.loc[hidden_now, "indicator"]) - {"answered", "background"}
        chosen = chosen & estimates["indicator"].isin(kinds)
        if names and chosen.any():
            gain = disclosure.gain(estimates, limits, chosen, column, names)
            if gain.pooled_hidden < gain.hidden:
                rows.append((say(f"coarser.{name}"), *astuple(gain)))
    rows.sort(key=lambda row: row[4] - row[2])
    return pd.DataFrame(rows, columns=["coarser", "numbers", "hidden", "numbers then", "hidden then"])


def restated(found: Findings, language: str) -> pd.DataFrame:
    """What an earlier report said otherwise: quarter, number, as it was published and as these data give it
    (in words where the difference comes from too few organisations), in "nl" or "en". The earlier report
    stays as it is."""
    say = words(language)
    names = ("quarter", "counted", "published", "now")
    rows = [
        (
            item["quarter"],
            say(f"restated.{restated_name(item)}"),
            item["old"],
            say("restated.hidden") if item["new"] is None else item["new"],
        )
        for item in found.restatements
    ]
    return pd.DataFrame(rows, columns=list(names))


def unavailable(found: Findings, language: str) -> pd.DataFrame:
    """What the study's data cannot carry, each with its reason in "nl" or "en"."""
    say = words(language)
    rows = [(name, say(f"reason.{reason}")) for name, reason in sorted(found.unavailable.items())]
    return pd.DataFrame(rows, columns=["indicator", "reason"])


def verdict(found: Findings, language: str) -> pd.DataFrame:
    """Which claim the design carries and why, in "nl" or "en": the first row is the claim."""
    judged = found.verdict(language)
    area = found.study.area
    names = {"area": area.name[language], "comparison": area.label(area.comparison or "", language)}
    rows = [(key, words(language)(f"cause.{key}", **names)) for key in (judged.claim, *judged.reasons)]
    return pd.DataFrame(rows, columns=["verdict", "in words"])
