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
            places=("Súdwest-Fryslân", "Kerkrade"),
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


def test_every_control_of_the_index_is_reached_and_seen(browser, folder):
    tab = browser.new_page(viewport={"width": 768, "height": 900})
    tab.goto((folder / "index.html").as_uri())
    expected = tab.locator("a[href]:visible, input:visible").count()
    reached, outlined = [], 0
    for _ in range(expected):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)"))
        outlined += tab.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2")
    assert len(set(reached)) == expected == outlined
    assert reached == sorted(reached)
    tab.close()


def test_the_search_keeps_what_names_the_municipality(browser, folder):
    tab = browser.new_page()
    tab.goto((folder / "index.html").as_uri())
    lines = tab.locator("li.line:visible")
    everything = lines.count()
    for sought, found in (("kerkr", 1), ("SUDWEST", 1), ("provincie", 1), ("nergens", 0), ("", everything)):
        tab.get_by_role("searchbox").fill(sought)
        assert lines.count() == found, sought
        shown = tab.get_by_role("status").text_content()
        assert shown == (f"Gevonden: {found}" if sought else "")
    tab.get_by_role("searchbox").fill("kerkrade")
    assert tab.locator("section.group:visible").count() == 1
    tab.close()


def test_without_scripts_every_line_is_there_and_no_dead_search(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((folder / "index.html").as_uri())
    assert tab.locator("input").is_hidden()
    assert "Kerkrade" in tab.locator("main").inner_text()
    context.close()


def test_the_figures_data_are_saved_without_a_request(browser, folder, tmp_path):
    context = browser.new_context(accept_downloads=True)
    tab = context.new_page()
    tab.goto((folder / PAGES[0]).as_uri())
    with tab.expect_download() as waiting:
        tab.locator("figure a[download]").first.click()
    assert waiting.value.suggested_filename == "province.nl.2026Q3.changes.csv"
    waiting.value.save_as(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes().startswith(b"\xef\xbb\xbfRegio & <gebied>;Voor (%)")
    context.close()


def test_a_picture_is_dark_in_the_dark_and_light_on_paper(browser, folder):
    tab = browser.new_page(color_scheme="dark")
    tab.goto((folder / PAGES[0]).as_uri())
    ground = "getComputedStyle(document.querySelector('.picture svg rect')).fill"
    assert tab.evaluate(ground) == "rgb(21, 26, 33)"
    tab.emulate_media(media="print", color_scheme="dark")
    assert tab.evaluate(ground) == "rgb(255, 255, 255)"
    assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    tab.close()
