"""Privacy: what leaves intake loses its names here; the store is the only data that later stations open."""

from evaluation.privacy.anonymise import anonymise
from evaluation.privacy.keys import make_key
from evaluation.privacy.store import Campaign, open_campaign, store_for

__all__ = ["Campaign", "anonymise", "make_key", "open_campaign", "store_for"]
