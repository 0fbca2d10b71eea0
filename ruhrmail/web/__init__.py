"""The web service: the way in and the way out, the archive, and how the service is doing."""

from ruhrmail.web.app import make_app
from ruhrmail.web.serve import Life, serve, serve_on
from ruhrmail.web.site import Joining, Personal, Site

__all__ = ["Joining", "Life", "Personal", "Site", "make_app", "serve", "serve_on"]
