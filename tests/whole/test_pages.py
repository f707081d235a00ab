"""Every page of the sample's release in a real browser: no request, no overflow, no axe-core violation."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("release")]

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


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_every_page_is_accessible_and_asks_for_nothing(browser, sample_release, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    pages = sorted(sample_release.out.rglob("*.html"))
    assert len(pages) == 11
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
