"""Privacy: what leaves intake loses its names here; the store is the only data that later stations open."""

from evaluation.privacy.anonymise import anonymise
from evaluation.privacy.keys import make_key
from evaluation.privacy.protect import coarser_codes
from evaluation.privacy.store import Campaign, open_campaign, store_for

__all__ = ["Campaign", "anonymise", "coarser_codes", "make_key", "open_campaign", "store_for"]
