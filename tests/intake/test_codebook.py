"""The codebook in docs/ is what the contracts and the questionnaire say."""

import pytest

from evaluation.intake.codebook import codebook


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_codebook_is_in_step(repository, language):
    page = (repository / "docs" / f"codebook.{language}.md").read_text(encoding="utf-8")
    assert page == codebook(language)
