"""The report after a mailing: figures to advice, to a page with plots, to JSON."""

from ruhrmail.report.advice import advise
from ruhrmail.report.data import account_as_data
from ruhrmail.report.grounds import count_variants, cut, ground_of, sum_domains, sum_refusals
from ruhrmail.report.page import write_page
from ruhrmail.report.wording import Wording

__all__ = [
    "Wording",
    "account_as_data",
    "advise",
    "count_variants",
    "cut",
    "ground_of",
    "sum_domains",
    "sum_refusals",
    "write_page",
]
