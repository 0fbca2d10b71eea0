"""The tests mirror the package; `stories/` runs whole stories against real servers."""
