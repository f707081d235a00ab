"""Every page of the sample's release in a real browser: no request, no overflow, no axe-core violation."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]

CHROMIUM = Path("/usr/bin/chromium")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install Debian's chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


def shown_pages(release) -> list[Path]:
    """One page of each kind and language: what a mistake in a writer or a catalogue would show in."""
    pages = sorted(release.out.rglob("*.html"))
    kinds: dict[str, Path] = {}
    for page in pages:
        kinds.setdefault(f"{page.parent.name}/{page.name.split('-')[0]}", page)
    return list(kinds.values())


def test_every_link_within_a_page_leads_somewhere(sample_release, sheets):
    import re

    pages = [*sorted(sample_release.out.rglob("*.html")), *sorted(sheets.glob("*.html"))]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        names = re.findall(r'\bid="([^"]+)"', text)
        assert len(set(names)) == len(names), page.name
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(names), page.name


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_pages_are_accessible_and_ask_for_nothing(browser, sample_release, sheets, width, scheme):
    pages = [*shown_pages(sample_release), *sorted(sheets.glob("municipality-echt-susteren.*.html"))]
    assert len([page for page in pages if page.name.startswith("municipality")]) == 2
    assert {"index.html", "province.nl.html", "province.en.html", "receipt.html"} <= {p.name for p in pages}
    judge(browser, pages, width, scheme)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_is_accessible_and_asks_for_nothing(browser, sample_release, sheets, width, scheme):
    pages = [*sorted(sample_release.out.rglob("*.html")), *sorted(sheets.glob("*.html"))]
    assert len(pages) >= 20
    judge(browser, pages, width, scheme)


def judge(browser, pages: list[Path], width: int, scheme: str) -> None:
    """No request, no overflow and no violation of WCAG 2.2 A and AA on any of the pages."""
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    for page in pages:
        requests.clear()
        tab.goto(page.as_uri())
        assert requests == [page.as_uri()]
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert tab.evaluate(wider) <= 0, page.name
        found = Axe().run(tab, options={"runOnly": TAGS}).response
        assert len(found["passes"]) > 15
        assert not [(item["id"], item["nodes"][0]["target"]) for item in found["violations"]], page.name
    tab.close()


def test_every_link_of_the_index_leads_to_a_file(sample_release):
    import re

    for index in (sample_release.out / "index.html", sample_release.folder / "index.html"):
        links = re.findall(r'href="([^"#]+)"', index.read_text(encoding="utf-8"))
        assert len(links) > 10
        for link in links:
            assert (index.parent / link).is_file(), link


FOCUSED = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    return {
        place: [...document.querySelectorAll('a[href], [tabindex="0"], input, button')].indexOf(at),
        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
            && box.right > 0 && box.left < innerWidth,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    };
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    browser, sample_release, sheets, width
):
    """From the link that skips to the content on, without a trap; tables scroll by keys too."""
    pages = [*shown_pages(sample_release), *sorted(sheets.glob("municipality-vaals.*.html"))]
    tab = browser.new_page(viewport={"width": width, "height": 900})
    for page in pages:
        tab.goto(page.as_uri())
        many = tab.evaluate("""document.querySelectorAll('a[href], [tabindex="0"], input, button').length""")
        for place in range(min(many, 40)):
            tab.keyboard.press("Tab")
            found = tab.evaluate(FOCUSED)
            assert found == {"place": place, "seen": True, "ring": True}, (page.name, place, found)
        if tab.locator(".skip").count():
            tab.goto(page.as_uri())
            tab.keyboard.press("Tab")
            tab.keyboard.press("Enter")
            assert tab.evaluate("document.activeElement.tagName") == "MAIN", page.name
    tab.close()


def test_the_answer_begins_on_the_first_screen(browser, sample_release):
    """Also of a tablet, where the contents stand above it."""
    for width, height in ((768, 1024), (1280, 900)):
        tab = browser.new_page(viewport={"width": width, "height": height})
        for language in ("nl", "en"):
            tab.goto((sample_release.folder / f"province.{language}.html").as_uri())
            assert tab.evaluate("document.querySelector('#answer').getBoundingClientRect().bottom") < height
        tab.close()
