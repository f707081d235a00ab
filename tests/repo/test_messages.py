"""Every sentence a user may see exists in Dutch and English, and every error raised has its sentence."""

import ast
import string
import tomllib
from pathlib import Path

import pytest

import evaluation

PACKAGE = Path(evaluation.__file__).parent
CATALOGUES = sorted(PACKAGE.rglob("messages.toml"))
ERRORS = {
    "UserError",
    "StudyError",
    "InputError",
    "DataError",
    "DisclosureError",
    "NotebookError",
    "PublishError",
}


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def _room(path: Path) -> str:
    return ".".join(path.parent.relative_to(PACKAGE).parts) or "evaluation"


SENTENCES = {
    f"{_room(path)}.{name}": text
    for path in CATALOGUES
    for name, text in tomllib.loads(path.read_text(encoding="utf-8")).items()
}


def _raised() -> list[tuple[str, str, set[str] | None]]:
    """(file, key, facts) of every error built in the package; facts None where they are passed on with **."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            key = node.args[0]
            if name in ERRORS and isinstance(key, ast.Constant) and isinstance(key.value, str):
                facts = {keyword.arg for keyword in node.keywords}
                found.append((path.name, key.value, None if None in facts else facts))
    return found


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_have_the_same_placeholders(key):
    sentence = SENTENCES[key]
    assert set(sentence) == {"nl", "en"}
    nl, en = _placeholders(sentence["nl"]), _placeholders(sentence["en"])
    # A problem told in words has its own fact for each language.
    assert {name.removesuffix("_nl") for name in nl} == {name.removesuffix("_en") for name in en}


@pytest.mark.parametrize("key", SENTENCES)
def test_a_sentence_is_one_sentence_and_ends(key):
    for text in SENTENCES[key].values():
        assert text.endswith((".", "?", "}"))
        assert "\n" not in text.strip()


def test_every_error_raised_has_its_sentence_and_its_facts():
    raised = _raised()
    assert len(raised) > 10
    for file, key, facts in raised:
        assert key in SENTENCES, f"{file} raises {key}, which has no sentence"
        if facts is not None:
            needed = _placeholders(SENTENCES[key]["nl"]) | _placeholders(SENTENCES[key]["en"])
            assert needed <= facts, f"{file}: {key} lacks {needed - facts}"


def test_every_sentence_is_used():
    sources = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    unused = [key for key in SENTENCES if f'"{key}"' not in sources]
    assert unused == []
