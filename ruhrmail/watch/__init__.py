"""Whoever looks on while a mailing goes out: numbers, a log, metrics. None of them slows or stops the mail."""
