"""Words of the reports: two catalogues with the same keys, and the rules that choose from them."""

from evaluation.report.wording.catalogue import Words, words

__all__ = ["Words", "words"]
