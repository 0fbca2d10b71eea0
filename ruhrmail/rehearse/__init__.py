"""A mailing played through on this machine: providers that misbehave, time that is skipped, and the verdict."""

from ruhrmail.rehearse.clock import SkippingLoop
from ruhrmail.rehearse.forecast import Forecast, forecast
from ruhrmail.rehearse.providers import CALM, PROFILES, Profile, Providers, Whim
from ruhrmail.rehearse.sink import Record, Sink
from ruhrmail.rehearse.verdict import Line, Verdict, judge, total_of

__all__ = [
    "CALM",
    "PROFILES",
    "Forecast",
    "Line",
    "Profile",
    "Providers",
    "Record",
    "Sink",
    "SkippingLoop",
    "Verdict",
    "Whim",
    "forecast",
    "judge",
    "total_of",
]
