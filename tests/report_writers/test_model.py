import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.report import model, model_rules


def _changed(data: dict, path: str, value) -> dict:
    """A copy of the plain model in which one place holds another value."""
    copy = json.loads(json.dumps(data))
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    place = copy
    for step in way:
        place = place[step]
    place[last] = value
    return copy


def test_a_report_survives_json(report):
    text = model.to_json(report)
    assert model.from_json(text) == report
    assert model.to_json(model.from_json(text)) == text


def test_json_is_the_same_whatever_order_the_labels_came_in(report):
    turned = dataclasses.replace(report, labels=dict(reversed(report.labels.items())))
    assert model.to_json(turned) == model.to_json(report)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("kind", "country", "kind"),
        ("quarter", "2026-Q3", "quarter"),
        ("surprise", 1, "surprise"),
        ("labels", {"table": "Tabel"}, "labels"),
        ("figures/0/alt", "", "figures/0/alt"),
        ("figures/0/table", "nowhere", "no table 'nowhere'"),
        ("figures/1/id", "change", "an id occurs twice"),
        ("figures/1/number", 1, "a number occurs twice"),
        ("sections/1/blocks/1/ref", "nowhere", "no figure 'nowhere'"),
        ("sections/2/blocks/1/ref", "change", "placed twice"),
        ("sections/2/blocks", [], "no section places 'trend'"),
        ("sections/1/blocks/0", {"type": "html", "text": "<b>"}, "sections/1/blocks/0"),
        ("tables/0/row_header", "nowhere", "is not a column"),
        ("tables/0/columns/1/decimals", None, "tables/0/columns/1/decimals"),
        ("tables/0/rows/0", {"region": {"text": "x", "value": None, "mark": None}}, "one cell per column"),
        ("tables/0/rows/0/region/value", 3, "a text column holds a value"),
        ("tables/0/rows/0/before/mark", "[c]", "both a value and a mark"),
        ("tables/0/rows/0/before/value", 40.13, "more decimals"),
        ("tables/0/rows/0/before/value", 41.1, "different numbers"),
        ("tables/0/rows/0/before/decimals", 0, "more decimals than the 0"),
        ("tables/0/rows/0/before/decimals", 2, "different numbers"),
        ("tables/0/rows/0/before/decimals", 7, "tables/0/rows/0/before/decimals"),
        ("tables/1/rows/2/money/decimals", 2, "different numbers"),
        ("tables/0/rows/3/before/decimals", 1, "decimals and no value"),
        ("tables/0/rows/0/region/decimals", 1, "decimals and no value"),
        ("tables/0/rows/0/before/text", "41,1", "different numbers"),
        ("tables/0/rows/0/change/text", "+2,4", "differ in sign"),
        ("tables/0/rows/11/change/text", "\u22125,3", "differ in sign"),
    ],
)
def test_a_model_that_does_not_hold_together_is_refused(awkward, path, value, says):
    data = model.to_dict(awkward.report())
    with pytest.raises(model.ModelError, match=says):
        model.from_dict(_changed(data, path, value))


def test_what_is_not_a_number_is_refused(awkward):
    data = _changed(model.to_dict(awkward.report()), "tables/0/rows/0/before/value", float("nan"))
    with pytest.raises(model.ModelError, match="not finite"):
        model.from_dict(data)


def test_text_that_is_not_json_is_refused():
    with pytest.raises(model.ModelError, match="line 1"):
        model.from_json("{")


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_a_number_agrees_with_its_own_text_and_not_with_its_neighbours(whole, decimals):
    column = {"kind": "number", "decimals": decimals}
    value, above = (round(number / 10**decimals, decimals) for number in (whole, whole + 1))
    cell = {"text": f"\u2212€ {value:,.{decimals}f}", "value": -value, "mark": None}
    model_rules._check_cell("here", column, cell)
    with pytest.raises(model.ModelError, match="different numbers"):
        model_rules._check_cell("here", column, cell | {"value": -above})
