"""Whole stories, end to end, against real servers."""
