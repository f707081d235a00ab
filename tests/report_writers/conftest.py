import importlib.util
from pathlib import Path

import pytest


def _load(name: str):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def awkward():
    """The module that builds reports with awkward content."""
    return _load("awkward")


@pytest.fixture(scope="session")
def pdf_tags():
    """The module that reads a PDF's tag tree."""
    return _load("pdf_tags")


@pytest.fixture(scope="session")
def page_of():
    """Reads an HTML page from its bytes."""
    reader = _load("html_page").Page
    return lambda written: reader(written.decode())


@pytest.fixture(scope="session", params=["nl", "en"])
def report(request, awkward):
    return awkward.report(request.param)
