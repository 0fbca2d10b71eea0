"""The rules of joining and leaving: who stands where, what a step leads to, and what proves it."""

from ruhrmail.consent.letters import Correspondence, Occasion, write_letter
from ruhrmail.consent.moving import answer_to_wish, stage_of
from ruhrmail.consent.proof import Proof, proof_of
from ruhrmail.consent.sheet import Section, Subject, make_sheet, sheet_as_html, sheet_as_text
from ruhrmail.consent.snippet import make_snippet
from ruhrmail.consent.transitions import LIFTED, Answer, Asking, answer_to, is_expired, may_confirm, standing_of
from ruhrmail.consent.wording import Wording, default_wording

__all__ = [
    "LIFTED",
    "Answer",
    "Asking",
    "Correspondence",
    "Occasion",
    "Proof",
    "Section",
    "Subject",
    "Wording",
    "answer_to",
    "answer_to_wish",
    "default_wording",
    "is_expired",
    "make_sheet",
    "make_snippet",
    "may_confirm",
    "proof_of",
    "sheet_as_html",
    "sheet_as_text",
    "stage_of",
    "standing_of",
    "write_letter",
]
