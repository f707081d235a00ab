"""Outreach campaign evaluation: from raw exports to an accessible report."""

import os

# The matrices here are small, and notebooks run side by side: a second thread per process only waits for
# the first (measured: 95 s against 6 s for one notebook's estimates on two busy cores). Holds when the
# package is imported before numpy, as the notebooks and the command line do.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
