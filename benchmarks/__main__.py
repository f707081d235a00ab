"""python benchmarks: runs the benchmarks and writes README.md beside them."""

import os
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import catalogue
import estimation

if __name__ == "__main__":
    text = "\n\n".join(
        [
            "# Benchmarks",
            "Written by `make bench`. Seconds are those of the processor; least of three (R: one) runs.",
            estimation.machine(),
            "## The survey core beside R",
            estimation.section(),
            "## The whole table of estimates",
            catalogue.section(),
        ]
    )
    (Path(__file__).parent / "README.md").write_text(text + "\n", encoding="utf-8")
    print(text)
