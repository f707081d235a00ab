"""Every public function of the statistics says what goes in and comes out, in which units, and from where the
formula is."""

import importlib
import inspect
import pkgutil
import re

import pytest

from evaluation import estimation

SHAPE = (
    r"\((?:n|u|k|p|c|r|R|D|K|G|m)\b[^)]*\)|rows? per|[Oo]ne row|columns|[Nn]umbers?|[Aa]rrays?|as `\w+`|a row"
)
UNITS = (
    r"0-1\b|0-100|shares?\b|points|percent|\bunits?\b|weights?|codes?\b|labels?|p-values?|df\b|ratio|log odds"
)
SOURCE = r"\b(?:18|19|20)\d\d\b|\bR's\b|Source|[Ss]ee `|[Aa]s `|`\w+`|=|own rule"


def public():
    for module in pkgutil.iter_modules(estimation.__path__):
        room = importlib.import_module(f"evaluation.estimation.{module.name}")
        for name, thing in vars(room).items():
            here = getattr(thing, "__module__", "") == room.__name__
            if here and not name.startswith("_") and (inspect.isfunction(thing) or inspect.isclass(thing)):
                yield pytest.param(thing, room, id=f"{module.name}.{name}")


@pytest.mark.parametrize(("thing", "room"), list(public()))
def test_shapes_units_and_source_are_said(thing, room):
    said = inspect.getdoc(thing) or ""
    assert len(said) > 40
    assert re.search(SHAPE, said), "no shape"
    assert re.search(UNITS, said), "no unit"
    # What a function gives back has its formula there.
    assert inspect.isclass(thing) or re.search(SOURCE, f"{said} {room.__doc__}"), "no formula or source"
