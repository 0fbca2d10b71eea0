"""The stories, top to bottom."""
