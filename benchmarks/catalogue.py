"""How long all estimates of the sample campaign take, from the anonymised tables on."""

import time
from pathlib import Path

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "study.toml"


def section(times: int = 5) -> str:
    """The result as Markdown."""
    from evaluation.indicators import all_estimates
    from evaluation.privacy import open_campaign
    from evaluation.study import load_study

    campaign = open_campaign(load_study(SAMPLE))
    seconds = []
    for _ in range(times):
        start = time.process_time()
        rows = len(all_estimates(campaign, "2026Q3"))
        seconds.append(time.process_time() - start)
    return f"All {rows} estimates of the sample campaign's last quarter: {min(seconds):.2f} CPU s."
