"""How long a full release takes to protect and to audit: 42 places x 6 groups x 5 waves x 6 outcomes.

Run by `make bench`. Prints seconds of one core, how many cells are primary and how many more were hidden.
"""

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "disclosure"))

from hierarchy import hierarchical

from evaluation.disclosure.audit import Published, intervals
from evaluation.disclosure.protect import protect


def main() -> None:
    problem = hierarchical(np.random.default_rng(1), groups=6, waves=5, outcomes=6, minimum=5.0, empty=0.1)
    print(f"{len(problem.values)} cells, {len(problem.hidden)} primary")
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
        print(
            f"{'Benders' if exact else 'fallback'}: solved in {solved:.1f} s, audited in {audited:.1f} s, "
            f"{len(pattern.hidden) - len(problem.hidden)} more hidden (loss {loss:.0f}), optimal: "
            f"{pattern.optimal}, narrow: {narrow}"
        )


if __name__ == "__main__":
    main()
