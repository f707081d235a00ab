"""python benchmarks: runs the benchmarks of the estimates and writes their part of README.md beside them."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import catalogue
import estimation
import readme

if __name__ == "__main__":
    text = "\n\n".join(
        [
            "## The survey core beside R",
            "Seconds are those of the processor; least of three (R: one) runs.",
            estimation.machine(),
            estimation.section(),
            "## The whole table of estimates",
            catalogue.section(),
        ]
    )
    readme.write_part("estimates", text)
    print(text)
