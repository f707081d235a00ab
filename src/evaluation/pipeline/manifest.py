"""What made a release and what it holds, by sha256: to prove it, verify it, and see that nothing changed.

Reads files only; imports nothing heavy, so that an unchanged release is recognised in a moment.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from evaluation import fingerprint
from evaluation.pipeline.plan import Run

FORMAT = "outreach-manifest/1"
MANIFEST = "manifest.json"
PROVENANCE = "provenance.json"
_DISTRIBUTION = "outreach-evaluation"


@dataclass(frozen=True)
class Made:
    """Everything that decides what a release looks like. inputs: file relative to the study's folder ->
    sha256. code: sha256 over the package and the notebooks. packages: name -> version."""

    study: str
    study_sha256: str
    inputs: dict[str, str]
    code: str
    packages: dict[str, str]

    def key(self, quarter: str) -> str:
        """One sha256 over all of it and the quarter: equal keys, equal releases."""
        parts = [quarter, self.study, self.study_sha256, self.inputs, self.code, self.packages]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def made_from(study_path: Path, notebooks: Path) -> Made:
    """Hash the study file, every file it names, the code and the notebooks.

    Raises OSError, tomllib.TOMLDecodeError, UnicodeDecodeError or the errors of a wrongly built study file
    (AttributeError, KeyError, TypeError, ValueError); `evaluation.study.load_study` says those in a sentence.
    """
    raw = study_path.read_bytes()
    folder = study_path.resolve().parent
    document = tomllib.loads(raw.decode("utf-8"))
    named = [table["path"] for table in document.get("files", {}).values()]
    named += [
        document["style"][key] for key in ("logo", "font", "font_bold") if key in document.get("style", {})
    ]
    paths = sorted({path for pattern in named for path in folder.glob(pattern)})
    return Made(
        study=study_path.name,
        study_sha256=hashlib.sha256(raw).hexdigest(),
        inputs={path.relative_to(folder).as_posix(): fingerprint.of_file(path) for path in paths},
        code=fingerprint.of_text(
            fingerprint.of_rooms(), fingerprint.of_folder(notebooks, notebooks.glob("*.ipynb"))
        ),
        packages=packages(),
    )


def packages() -> dict[str, str]:
    """The versions of Python and of every package the product needs, directly or through another."""
    import platform

    found = {"python": platform.python_version()}
    waiting = [_DISTRIBUTION]
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another platform or for an extra only
        found[key] = distribution.version
        needs = (need for need in distribution.requires or () if "extra ==" not in need)
        waiting += [re.match(r"[\w.-]+", need)[0] for need in needs]
    return dict(sorted(found.items()))


def manifest(made: Made, quarter: str, newest: str, runs: Iterable[Run], outputs: dict[str, bytes]) -> dict:
    """The manifest of a release as JSON values.

    newest: the newest wave with data. outputs: path -> content, all files of the release but the manifest
    itself and the provenance (which holds times).
    """
    return {
        "format": FORMAT,
        "quarter": quarter,
        "newest": newest,
        "key": made.key(quarter),
        "study": {"file": made.study, "sha256": made.study_sha256},
        "inputs": [{"file": name, "sha256": digest} for name, digest in sorted(made.inputs.items())],
        "code_sha256": made.code,
        "packages": made.packages,
        "runs": [
            {"notebook": run.notebook, "parameters": run.parameters, "output": run.executed} for run in runs
        ],
        "outputs": [
            {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in sorted(outputs.items())
        ],
    }


def read(release: Path) -> dict | None:
    """The manifest of a release folder, None when it has none that can be read."""
    try:
        found = json.loads((release / MANIFEST).read_bytes())
        return found if found["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def verify(release: Path) -> list[tuple[str, str]]:
    """What is wrong with a release: (file, "missing" | "changed" | "unknown"), empty when it is whole."""
    found = read(release)
    if found is None:
        return [(MANIFEST, "missing")]
    listed = {item["file"]: item["sha256"] for item in found["outputs"]}
    present = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    wrong = [(name, "missing") for name in listed if name not in present]
    wrong += [
        (name, "changed")
        for name, digest in listed.items()
        if name in present and fingerprint.of_file(release / name) != digest
    ]
    wrong += [(name, "unknown") for name in present - set(listed) - {MANIFEST, PROVENANCE}]
    return sorted(wrong)


def to_json(document: dict) -> bytes:
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
