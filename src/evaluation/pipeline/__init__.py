"""The quarterly run: which notebooks, run how, written where, and proof of what made what."""
