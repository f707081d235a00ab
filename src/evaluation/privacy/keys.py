"""The secret with which names become pseudonyms, kept outside the repository and the study's folder."""

import os
import secrets
from pathlib import Path

from evaluation.errors import InputError
from evaluation.study import Study

VARIABLE = "EVALUATION_KEY_FILE"
_SHORTEST = 32
# Names in synthetic data belong to nobody, so everybody may have the key and gets the same pseudonyms.
_PUBLIC = b"synthetic data: this key is public"


def key_path() -> Path:
    """Where the key is looked for: the file that EVALUATION_KEY_FILE names, else the user's own settings."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else Path.home() / ".config" / "outreach-evaluation" / "key"


def key_of(study: Study) -> bytes:
    """The key for a study's pseudonyms.

    Raises InputError when the key file is missing, too short, or lies in the study's folder.
    """
    if study.synthetic:
        return _PUBLIC
    path = key_path()
    if path.resolve().is_relative_to(study.folder.resolve()):
        raise InputError("privacy.key_in_study", variable=VARIABLE)
    try:
        key = path.read_bytes().strip()
    except OSError:
        raise InputError("privacy.key_missing", variable=VARIABLE) from None
    if len(key) < _SHORTEST:
        raise InputError("privacy.key_short", shortest=_SHORTEST)
    return key


def make_key(path: Path | None = None) -> Path:
    """Write a new random key (256 bits) to `path` (default: where it is looked for) and return the path.

    Only the user may read the file. Raises InputError when there is one already: another key would give every
    organisation another pseudonym.
    """
    path = path or key_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError("privacy.key_exists", file=path.name) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path
