"""Errors a user can cause: one sentence in the reader's language, and an exit code of its kind.

The sentence stands in `messages.toml` of the room that raises it, in Dutch and English with the same
{placeholders}. Facts name files, rows, columns and what to do; never the value of a person's answer.
"""

from functools import cache
from importlib.resources import files
from tomllib import loads

LANGUAGES = ("nl", "en")


class UserError(Exception):
    """An error that the user can mend.

    key: "room.name", looked up as [name] in `evaluation/<room>/messages.toml` ("evaluation.name": the
    package's own messages.toml). facts: the values of the sentence's placeholders.
    """

    exit_code = 1

    def __init__(self, key: str, **facts: object):
        # Both are positional arguments of Exception, so that the error survives pickling between processes.
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def __reduce__(self):
        return _rebuild, (type(self), self.key, self.facts)

    def text(self, lang: str = "nl") -> str:
        """The sentence in `lang` ("nl" or "en")."""
        room, name = self.key.rsplit(".", 1)
        return messages(room)[name][lang].format(**self.facts)

    def __str__(self) -> str:
        return self.text("en")


def _rebuild(kind: type[UserError], key: str, facts: dict) -> UserError:
    return kind(key, **facts)


class StudyError(UserError):
    """The study file, or what was asked of it (a quarter, a region), is not right."""

    exit_code = 3


class InputError(UserError):
    """An input file is missing, unreadable, or not what it says it is."""

    exit_code = 4


class DataError(UserError):
    """The data were read, but cannot carry what is asked of them."""

    exit_code = 5


class DisclosureError(UserError):
    """What would be published could be turned back into people."""

    exit_code = 6


class NotebookError(UserError):
    """A notebook did not run to its end."""

    exit_code = 7


class PublishError(UserError):
    """The release could not be written or switched."""

    exit_code = 8


@cache
def messages(room: str) -> dict[str, dict[str, str]]:
    """All sentences of one room: name -> {"nl": ..., "en": ...}."""
    package = "evaluation" if room == "evaluation" else f"evaluation.{room}"
    return loads(files(package).joinpath("messages.toml").read_text(encoding="utf-8"))
