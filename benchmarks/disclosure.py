"""How long a full release takes to protect and to audit: 42 places x 6 groups x 5 waves x 6 outcomes.

Run by `make bench`. Writes seconds of one core, how many cells are primary and how many more were hidden
to its part of README.md beside it.
"""

import sys
import time
from pathlib import Path

import numpy as np
import readme

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "disclosure"))

from hierarchy import hierarchical

from evaluation.disclosure.audit import Published, intervals
from evaluation.disclosure.protect import protect


def main() -> None:
    problem = hierarchical(np.random.default_rng(1), groups=6, waves=5, outcomes=6, minimum=5.0, empty=0.1)
    lines = [
        "## Protecting a full release",
        f"42 places x 6 groups x 5 waves x 6 outcomes with their totals: {len(problem.values)} cells, "
        f"of which {len(problem.hidden)} are primary. Seconds are those of one processor. Narrow: protected "
        "cells of which the audit finds less room than their rule asks; it must be 0.",
        "| Choice | Solved (s) | Audited (s) | Hidden further | Loss | Optimal | Narrow |\n"
        "|---|---|---|---|---|---|---|",
    ]
    for exact in (False, True):
        start = time.process_time()
        pattern = protect(problem, exact=exact)
        solved = time.process_time() - start
        keys = [("cell", str(i), "", "", "", "yes") for i in range(len(problem.values))]
        cells = {
            key: np.nan if i in pattern.hidden else float(problem.values[i]) for i, key in enumerate(keys)
        }
        sums = tuple((tuple((keys[c], w) for c, w in s.cells), s.total) for s in problem.sums)
        start = time.process_time()
        known = intervals([Published("", cells, frozenset(), sums)], [keys[c] for c in problem.needs])
        audited = time.process_time() - start
        narrow = sum(
            known[keys[c]][0] > low or known[keys[c]][1] < high for c, (low, high) in problem.needs.items()
        )
        loss = sum(problem.costs[u] for u in pattern.hidden - problem.hidden)
        lines[-1] += (
            f"\n| {'Benders' if exact else 'Fallback'} | {solved:.1f} | {audited:.1f} | "
            f"{len(pattern.hidden) - len(problem.hidden)} | {loss:.0f} | "
            f"{'yes' if pattern.optimal else 'not proven'} | {narrow} |"
        )
    text = "\n\n".join(lines)
    readme.write_part("disclosure", text)
    print(text)


if __name__ == "__main__":
    main()
