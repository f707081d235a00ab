"""The ledger: what every release in a folder of releases gave away, read from the `cells.json` of each.

A release that replaces one of its own quarter carries what the replaced one showed: it may be kept by others.
What was taken back lies under `.earlier` and counts as well.
"""

from collections.abc import Iterable
from pathlib import Path

from evaluation.disclosure import audit
from evaluation.disclosure.audit import Key, Published
from evaluation.errors import DisclosureError

CELLS = "cells.json"


def releases(out: Path, leaving_out: str = "") -> list[Published]:
    """All versions of all releases in a folder, but of the quarter `leaving_out`; oldest quarter first.

    Raises DisclosureError when what a release showed cannot be read.
    """
    found: dict[str, list[Published]] = {}
    for path in (*sorted(out.glob(f"[0-9]*Q[1-4]/{CELLS}")), *sorted(out.glob(f".earlier/*/*/{CELLS}"))):
        quarter = path.parent.name if path.parent.parent == out else path.parent.parent.name
        for version in read(path) if quarter != leaving_out else ():
            own = found.setdefault(quarter, [])
            if not any(_same(version, other) for other in own):
                own.append(version)
    return [version for quarter in sorted(found) for version in found[quarter]]


def read(path: Path) -> list[Published]:
    """The versions of one release, the newest first. Raises DisclosureError."""
    try:
        return audit.from_json(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        raise DisclosureError(
            "disclosure.ledger_unreadable", file=f"{path.parent.name}/{path.name}"
        ) from None


def entry(new: Published, earlier: Iterable[Published]) -> bytes:
    """The `cells.json` of a release: itself, and what earlier versions of its quarter showed otherwise."""
    replaced = [past for past in earlier if past.quarter == new.quarter]
    versions = [new]
    for past in replaced:
        if not any(_same(past, version) for version in versions):
            versions.append(past)
    return audit.to_json(versions)


def _same(one: Published, other: Published) -> bool:
    return _texts(one) == _texts(other)


def _texts(release: Published) -> dict[Key, str]:
    return {key: str(value) for key, value in release.cells.items()}


def check_folder(folder: Path) -> list[tuple[str, int]]:
    """Repeat the audit on what lies published: (quarter, hidden cells) per release audited.

    folder: one of releases, or a release, which is then read with those beside it. Raises DisclosureError
    when a hidden cell can be narrowed, or when there is nothing to audit.
    """
    alone = (folder / CELLS).is_file()
    known = releases(folder.resolve().parent if alone else folder)
    if not known:
        raise DisclosureError("disclosure.no_ledger", folder=folder.name)
    found = audit.narrowed(known)
    audit.refuse(found, known[-1].quarter)
    quarters = [folder.resolve().name] if alone else list(dict.fromkeys(one.quarter for one in known))
    return [
        (
            quarter,
            sum(value != value for one in known if one.quarter == quarter for value in one.cells.values()),
        )
        for quarter in quarters
    ]
