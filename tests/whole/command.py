"""Runs the command line as staff do, on copies of the sample campaign."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# Without the 31 fact sheets of municipalities, which would take each run as long again; tests of the content
# and of the plan have those.
FEWER = ("refresh", "--no-municipalities")
# An ordinary municipality, one with a hyphen that may fall at the end of a line, and the smallest.
PLACES = {"venlo": "GM0983", "echt-susteren": "GM1711", "vaals": "GM0981"}
# Who runs the command, as far as its surroundings say: none of it may be in what it makes.
MAKER = {
    "USER": "gebruiker-die-niemand-is",
    "LOGNAME": "gebruiker-die-niemand-is",
    "USERNAME": "gebruiker-die-niemand-is",
    "HOSTNAME": "machine-die-niet-bestaat",
    "COMPUTERNAME": "machine-die-niet-bestaat",
    "EMAIL": "niemand@nergens.example",
}
COMMAND = Path(sys.executable).with_name("evaluation")


@dataclass(frozen=True)
class Made:
    """A release: the study's folder, the folder of all reports, and what the command printed."""

    study: Path
    out: Path
    printed: str

    @property
    def folder(self) -> Path:
        return self.out / "2026Q3"

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.out.rglob("*") if path.is_file())


def run(*arguments: object, before: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess:
    """Run the `evaluation` command and return what it printed. before: a program that starts it."""
    return subprocess.run(
        [*before, str(COMMAND), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"} | environment,
        timeout=1500,
    )


def copy_sample(repository: Path, folder: Path) -> Path:
    """A copy of the sample campaign without what earlier runs made of it; returns its study file."""
    shutil.copytree(repository / "data" / "sample", folder, ignore=shutil.ignore_patterns("work"))
    return folder / "study.toml"
