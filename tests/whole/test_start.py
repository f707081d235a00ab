"""The start page as staff see it: served by Voilà, clicked in headless Chromium."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("release")]

CHROMIUM = Path("/usr/bin/chromium")
VOILA = Path(sys.executable).with_name("voila")


@pytest.fixture(scope="module")
def served(repository, sample_release, tmp_path_factory):
    """The start page of a copy of the sample, whose report is there already; gives its address."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: install Debian's chromium to run the browser tests")
    folder = tmp_path_factory.mktemp("start")
    page = (repository / "notebooks" / "00_start.ipynb").read_text(encoding="utf-8")
    page = page.replace("data/sample/study.toml", str(sample_release.study))
    (folder / "00_start.ipynb").write_text(page.replace('= \\"reports\\"', f'= \\"{sample_release.out}\\"'))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [VOILA, folder / "00_start.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"BROWSER": "true"},
    )
    address = f"http://127.0.0.1:{port}/"
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(address + "static/", timeout=5)
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait()


def test_staff_check_refresh_and_open_the_report_with_buttons(served, sample_release):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto(served, timeout=120_000)
        page.wait_for_selector("button:has-text('Exports controleren')", timeout=120_000)

        def click(name: str, expected: str) -> str:
            page.click(f"button:has-text('{name}')")
            page.wait_for_function(
                "word => document.querySelector('textarea').value.includes(word)",
                arg=expected,
                timeout=240_000,
            )
            page.wait_for_selector(f"button:has-text('{name}'):not([disabled])", timeout=120_000)
            return page.input_value("textarea")

        told = click("Exports controleren", "margins.csv")
        assert "orders.csv: 753 rijen gelezen, 722 aangenomen, 31 geweigerd" in told
        assert "Er is niets geschreven." in click("Bekijken", "Er is niets geschreven.")
        page.uncheck("input[type=checkbox]")  # as the report that is there was made
        assert "er is niets opnieuw berekend" in click("Rapport maken", "Het rapport van 2026Q3 staat in")
        assert str(sample_release.out / "index.html") in click("Rapport openen", "Geopend")
        page.fill("input[type=text] >> nth=0", "none.toml")
        page.press("input[type=text] >> nth=0", "Tab")
        assert click("Exports controleren", "bestaat niet").startswith(
            "Het studiebestand none.toml bestaat niet"
        )
        if picture := os.environ.get("START_PAGE_PICTURE"):
            page.screenshot(path=picture)
        browser.close()
