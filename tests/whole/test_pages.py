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


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1280, "light")])
def test_pages_are_accessible_and_ask_for_nothing(browser, sample_release, width, scheme):
    pages = shown_pages(sample_release)
    assert {"index.html", "province.nl.html", "province.en.html", "receipt.html"} <= {p.name for p in pages}
    judge(browser, pages, width, scheme)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_every_page_is_accessible_and_asks_for_nothing(browser, sample_release, width, scheme):
    pages = sorted(sample_release.out.rglob("*.html"))
    assert len(pages) >= 10
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
