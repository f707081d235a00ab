import dataclasses

import pytest

from evaluation.report.model import ModelError
from evaluation.report.writers import svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


@pytest.fixture
def figure(awkward):
    return awkward.report().figures[0]


def test_name_and_description_come_from_the_model(figure):
    drawn = str(svg.inline(figure))
    assert '<title id="svg-change-title">Parkstad stijgt het meest &lt;b&gt;</title>' in drawn
    assert f'<desc id="svg-change-desc">{figure.alt}</desc>' in drawn
    assert "old title" not in drawn
    assert "DOCTYPE" not in drawn
    assert "<?xml" not in drawn


def test_the_style_sheet_reaches_its_own_picture_only(figure):
    drawn = str(svg.inline(figure))
    assert "#svg-change *{" in drawn
    assert "#svg-change .mark,#svg-change #svg-change-m1{" in drawn


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        '<rect onclick="x()"/>',
        '<image xlink:href="https://tracker.example/x.png"/>',
        '<a href="javascript:x()"><rect/></a>',
        '<rect fill="url(https://tracker.example/x)"/>',
        "<style>@import 'https://tracker.example/x.css';</style>",
        "<style>rect{fill:url( 'https://tracker.example/x')}</style>",
        "<rect",
    ],
)
def test_a_picture_that_acts_or_reaches_outside_is_refused(figure, content):
    with pytest.raises(ModelError, match="figures/change"):
        svg.inline(dataclasses.replace(figure, svg=f"{HEAD}{content}</svg>"))


def test_a_picture_may_hold_pixels_of_its_own(figure):
    drawn = svg.inline(
        dataclasses.replace(figure, svg=f'{HEAD}<image xlink:href="data:image/png;base64,AAAA"/></svg>')
    )
    assert 'href="data:image/png;base64,AAAA"' in drawn
