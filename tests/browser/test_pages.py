"""The pages in a real browser: no request, no overflow, no axe-core violation, and the keyboard works."""

import importlib.util
from pathlib import Path

import pytest

from evaluation.report.writers import html, site

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ["report.nl.html", "report.en.html", "index.html", "2026Q3/index.html"]


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install Debian's chromium to run the browser tests")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = Path(__file__).parents[1] / "report_writers" / "awkward.py"
    spec = importlib.util.spec_from_file_location("awkward", place)
    awkward = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(awkward)

    root = tmp_path_factory.mktemp("reports")
    (root / "2026Q3").mkdir()
    for language in ("nl", "en"):
        (root / f"report.{language}.html").write_bytes(html.write(awkward.report(language)))
    facts = {"quarter_label": "3e kwartaal 2026", "area": "Limburg", "synthetic": True, "format": "HTML"}
    entries = [
        site.Entry("report.nl.html", "Provincie", "2026Q3", kind="province", language="nl", **facts),
        site.Entry("report.en.html", "Provincie", "2026Q3", kind="province", language="en", **facts),
        site.Entry(
            "report.nl.html",
            "Jeugdgezondheidszorgorganisatievertegenwoordigers",
            "2026Q2",
            kind="region",
            language="nl",
            **facts | {"quarter_label": "2e kwartaal 2026"},
        ),
        site.Entry("2026Q3/index.html", "Importbewijs", "2026Q3", kind="data", language="", **facts),
    ]
    (root / "index.html").write_bytes(site.write_index(entries))
    (root / "2026Q3" / "index.html").write_bytes(site.write_quarter_index(entries[:2]))
    return root


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_violation_no_overflow_no_request(browser, folder, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests, messages = [], []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: messages.append(message.text))
    for name in PAGES:
        requests.clear()
        tab.goto((folder / name).as_uri())
        assert requests == [(folder / name).as_uri()]
        assert (
            tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        ), name
        found = Axe().run(tab, options={"runOnly": TAGS}).response
        assert len(found["passes"]) > 15
        assert not [(item["id"], item["nodes"][0]["target"]) for item in found["violations"]], name
    assert not messages
    tab.close()


def test_text_in_the_pictures_stays_readable_on_a_narrow_screen(browser, folder):
    tab = browser.new_page(viewport={"width": 320, "height": 900})
    tab.goto((folder / PAGES[0]).as_uri())
    heights = tab.eval_on_selector_all(
        "svg text", "found => found.map(text => text.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) > 9
    tab.close()


def test_every_link_and_region_is_reached_with_the_tab_key(browser, folder):
    tab = browser.new_page(viewport={"width": 768, "height": 900})
    tab.goto((folder / PAGES[0]).as_uri())
    expected = tab.evaluate("document.querySelectorAll('a[href], [tabindex=\"0\"]').length")
    reached = []
    for _ in range(expected):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
    assert len(set(reached)) == expected
    assert reached == sorted(reached)
    tab.keyboard.press("Tab")
    tab.goto((folder / PAGES[0]).as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
    tab.close()


def test_it_prints_whole(browser, folder):
    tab = browser.new_page()
    tab.goto((folder / PAGES[0]).as_uri())
    tab.emulate_media(media="print")
    clipped = tab.eval_on_selector_all(
        ".scroller, .picture",
        "found => found.filter(box => getComputedStyle(box).overflowX != 'visible').length",
    )
    assert clipped == 0
    assert tab.locator("nav").is_hidden()
    tab.close()
