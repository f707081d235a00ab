"""What is kept of an error nobody foresaw: its type and where it came from, never its text or a value."""

import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

from evaluation.pipeline.pool import WorkerError, places


def log(error: Exception) -> tuple[str, Path]:
    """Write the log in the working folder, else among temporary files. Returns its type and the log."""
    kind, frames = (
        (error.kind, error.places) if isinstance(error, WorkerError) else (type(error).__name__, ())
    )
    lines = [
        f"outreach-evaluation {version('outreach-evaluation')}, Python {platform.python_version()}",
        f"{platform.system()} {platform.machine()}",
        kind,
        *frames,
        *places(error),
    ]
    for folder in (Path.cwd(), Path(tempfile.gettempdir())):
        path = folder / "evaluation-error.log"
        try:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        except OSError:
            continue
        break
    return kind, path
