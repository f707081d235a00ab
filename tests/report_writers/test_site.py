import pytest

from evaluation.report.writers import site
from evaluation.report.writers.receipt import write_receipt


def entry(quarter="2026Q3", path="province.nl.html", **other):
    facts = {
        "title": "Provincie Limburg",
        "quarter_label": f"kwartaal {quarter}",
        "area": "Limburg",
        "kind": "province",
        "language": "nl",
        "format": "HTML",
        "synthetic": False,
    }
    return site.Entry(path=path, quarter=quarter, **facts | other)


def test_quarters_stand_newest_first_and_link_to_their_own_page():
    page = site.write_index([entry("2026Q2", "2026Q2/a.html"), entry("2026Q3", "2026Q3/a.html")]).decode()
    assert page.index('href="2026Q3/a.html"') < page.index('href="2026Q2/a.html"')
    assert 'href="2026Q3/index.html"' in page
    assert 'href="2026Q2/index.html"' in page


def test_files_with_one_title_share_a_line_and_text_is_escaped():
    found = [
        entry(path="x.nl.pdf", format="PDF", title="Peel & <Maas>"),
        entry(path="x.nl.html", title="Peel & <Maas>"),
    ]
    page = site.write_quarter_index(found).decode()
    assert page.count('<span class="document">Peel &amp; &lt;Maas&gt;</span>') == 1
    assert 'href="x.nl.pdf"' in page
    assert 'href="../index.html"' in page


def test_a_name_with_a_space_becomes_an_address():
    assert (
        'href="region-maas%20en%20geul.html"'
        in site.write_quarter_index([entry(path="region-maas en geul.html")]).decode()
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_synthetic_data_say_so(language):
    sentence = site.site_words(language)["synthetic"]
    assert sentence in site.write_index([entry(synthetic=True), entry()], language).decode()
    assert sentence not in site.write_index([entry()], language).decode()


def test_both_languages_have_the_same_words():
    assert site.site_words("nl").keys() == site.site_words("en").keys()


def test_an_empty_folder_has_an_index():
    assert site.site_words("nl")["empty"] in site.write_index([]).decode()


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x.html", "https://x.example/", "javascript:x()", "a\\b.html", ""]
)
def test_a_path_that_leaves_the_folder_is_refused(path):
    with pytest.raises(ValueError, match="not a path inside"):
        site.write_index([entry(path=path)])


def test_the_page_of_one_quarter_refuses_two():
    with pytest.raises(ValueError, match="2 quarters"):
        site.write_quarter_index([entry("2026Q2"), entry("2026Q3")])


def test_a_municipality_s_name_stands_once_on_its_line():
    own = entry(path="venlo.html", title="Venlo", kind="municipality", places=["Venlo"])
    wide = entry(path="noord.html", title="Noord-Limburg", kind="region", places=["Venlo", "Venray"])
    page = site.write_quarter_index([own, wide]).decode()
    assert page.count('<span class="document">Venlo</span>') == 1
    assert '<span class="small places">Venlo, Venray</span>' in page
    assert page.count("small places") == 1


@pytest.mark.parametrize(("language", "counts"), [("nl", ("2.446", "2.400")), ("en", ("2,446", "2,400"))])
def test_the_receipt_counts_as_the_reader_does(language, counts):
    read = {"file": "survey.csv", "kind": "responses", "format": "limesurvey", "read": 2446, "accepted": 2400}
    rest = {"quarantined": {"incomplete": 1046}, "notes": {}, "columns_dropped": []}
    page = write_receipt([read | rest], "2026Q3", language, False).decode()
    assert all(f'<td class="number">{count}</td>' in page for count in counts)
    assert "1.046 ×" in page if language == "nl" else "1,046 ×" in page
    assert "2446" not in page
