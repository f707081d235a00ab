import itertools
import re

from evaluation.report.writers import html


def test_same_bytes_twice(report, page_of):
    assert html.write(report) == html.write(report)


def test_text_is_escaped_and_nothing_in_it_becomes_markup(report, page_of):
    page = page_of(html.write(report))
    assert not [
        tag
        for tag, attributes in page.tags
        if tag == "script" or any(key.startswith("on") for key in attributes)
    ]
    assert "<b>" not in html.write(report).decode()
    assert any("alert(1)" in cell for row in page.tables["table-changes"] for cell in row)


def test_nothing_outside_the_file_is_referred_to(report, page_of):
    text = html.write(report).decode()
    page = page_of(text.encode())
    for tag, attributes in page.tags:
        for name in ("href", "src", "srcset", "data", "poster", "action", "xlink:href"):
            assert attributes.get(name, "#").startswith(("#", "data:text/csv;")), (tag, name)
    assert "@import" not in text
    assert all(target.startswith("#") for target in re.findall(r"url\(([^)]*)\)", text))


def test_every_id_is_unique_and_every_reference_meets_one(report, page_of):
    text = html.write(report).decode()
    page = page_of(text.encode())
    assert len(set(page.ids)) == len(page.ids)
    referred = {
        attributes["href"][1:] for _, attributes in page.tags if attributes.get("href", "")[:1] == "#"
    }
    referred |= {
        part
        for _, attributes in page.tags
        for name in ("aria-labelledby", "aria-describedby")
        for part in attributes.get(name, "").split()
    }
    referred |= set(re.findall(r"url\(#([^)]*)\)", text))
    assert referred <= set(page.ids)
    assert {"svg-change-m1", "svg-trend-m1", "svg-change-p1"} <= referred


def test_language_headings_and_tables_are_marked_up(report, page_of):
    page = page_of(html.write(report))
    assert page.tags[0] == ("html", {"lang": report.language})
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    scopes = [attributes.get("scope") for tag, attributes in page.tags if tag == "th"]
    assert scopes.count("row") == 12 + 3 + 2
    assert scopes.count("col") == 7 + 3 + 5
    pictures = [attributes for tag, attributes in page.tags if tag == "svg"]
    assert [picture["role"] for picture in pictures] == ["img", "img"]


def test_a_table_that_no_section_places_stands_in_the_appendix_once(report, page_of):
    text = html.write(report).decode()
    assert text.count('id="table-supply"') == 1
    assert text.index('id="appendix"') < text.index('id="table-supply"')


def test_synthetic_data_say_so_and_real_data_do_not(awkward):
    sentence = awkward.report().synthetic
    assert html.write(awkward.report()).decode().count(sentence) == 2
    assert 'class="synthetic"' not in html.write(awkward.report(synthetic=False)).decode()
