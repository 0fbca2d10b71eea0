"""What is safe to mend in an issue's file, quotation marks, dashes, spaces and dates; all else stays as it is."""

from ruhrmail.mend.edit import Edit
from ruhrmail.mend.mend import Mended, Typography, mend

__all__ = ["Edit", "Mended", "Typography", "mend"]
