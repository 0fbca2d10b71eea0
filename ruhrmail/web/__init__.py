"""The web service: the archive, the way out, and how the service is doing."""

from ruhrmail.web.app import make_app
from ruhrmail.web.serve import Life, serve, serve_on
from ruhrmail.web.site import Site

__all__ = ["Life", "Site", "make_app", "serve", "serve_on"]
