"""The door that sends what any machine has enqueued: one of many workers over the same store."""

from ruhrmail.worker.life import Outfit, Told, run_worker

__all__ = ["Outfit", "Told", "run_worker"]
