"""Writes into report models which files they come from.

A run is not told more of the exports than it needs, so it cannot say this itself; and a report that is kept
while another export changed still names today's files.
"""

import json
from collections.abc import Iterable, Mapping

MIME_TYPE = "application/vnd.outreach-report+json"


def inputs(receipts: Iterable[Mapping]) -> list[dict]:
    """The inputs of a report's provenance."""
    return [
        {
            "file": receipt["file"],
            "sha256": receipt["sha256"],
            "read": receipt["read"],
            "accepted": receipt["accepted"],
            "quarantined": sum(receipt["quarantined"].values()),
        }
        for receipt in receipts
    ]


def model(text: str, named: list[dict]) -> str:
    """A report model (canonical JSON) with these inputs."""
    document = json.loads(text)
    document["provenance"]["inputs"] = named
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def notebook(text: str, named: list[dict]) -> str:
    """An executed notebook whose report model has these inputs."""
    document = json.loads(text)
    for cell in document["cells"]:
        for output in cell.get("outputs", ()):
            if MIME_TYPE in output.get("data", {}):
                output["data"][MIME_TYPE]["provenance"]["inputs"] = named
    return json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
