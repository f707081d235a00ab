"""From an anonymised campaign to the tidy table of estimates."""

from evaluation.indicators.catalogue import all_estimates, unavailable

__all__ = ["all_estimates", "unavailable"]
