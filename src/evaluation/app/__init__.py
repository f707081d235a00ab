"""What staff click: the start page of the notebooks, in JupyterLab and as an app of its own."""

from evaluation.app.start import start_page

__all__ = ["start_page"]
