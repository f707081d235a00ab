"""A synthetic campaign to try the suite on, and empty templates for a campaign of one's own."""

from evaluation.sample.campaign import write_sample
from evaluation.sample.national import write_national
from evaluation.sample.template import write_template

__all__ = ["write_national", "write_sample", "write_template"]
