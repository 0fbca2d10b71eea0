"""Is this project ready to send: files, store, relays, names, service and mail, looked at and judged."""

from ruhrmail.doctor.case import Case, Once, Sample
from ruhrmail.doctor.run import IDS, examine, is_wanted
from ruhrmail.doctor.visit import visit

__all__ = ["IDS", "Case", "Once", "Sample", "examine", "is_wanted", "visit"]
