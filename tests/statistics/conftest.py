"""The reference designs of R's survey package (data and numbers: see data/README.md)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evaluation.estimation import SurveyDesign, calibrate, poststratify, rake

DATA = Path(__file__).parent / "data"
STYPE, SCHWIDE = [4421, 755, 1018], [1072, 5122]


@pytest.fixture(scope="session")
def expected():
    return json.loads((DATA / "expected.json").read_text())


@pytest.fixture(scope="session")
def api():
    """name -> (data, design) for every design that make_expected.R makes."""
    strat, clus = pd.read_csv(DATA / "apistrat.csv"), pd.read_csv(DATA / "apiclus1.csv")
    designs = {
        "apistrat": (strat, SurveyDesign(strat.pw, strat.stype, None, strat.fpc)),
        "apistrat_nofpc": (strat, SurveyDesign(strat.pw, strat.stype)),
        "apiclus1": (clus, SurveyDesign(clus.pw, None, clus.dnum, clus.fpc)),
        "apiclus1_nofpc": (clus, SurveyDesign(clus.pw, None, clus.dnum)),
    }
    base = designs["apiclus1"][1]
    stype = pd.Categorical(clus.stype, list("EHM")).codes
    wide = (clus["sch.wide"] == "Yes").to_numpy().astype(int)
    margins = [(stype, STYPE), (wide, SCHWIDE)]
    dummies = np.column_stack([np.ones(len(clus)), stype == 1, stype == 2])
    made = {
        "apiclus1_poststrat": poststratify(base, stype, STYPE),
        "apiclus1_nofpc_poststrat": poststratify(designs["apiclus1_nofpc"][1], stype, STYPE),
        "apiclus1_rake": rake(base, margins),
        "apiclus1_cal_raking": rake(base, margins),
        "apiclus1_cal_lin": calibrate(base, dummies, [6194, 755, 1018]),
        "apiclus1_greg": calibrate(base, np.column_stack([dummies, clus.api99]), [6194, 755, 1018, 3914069]),
    }
    return designs | {name: (clus, design) for name, design in made.items()}
