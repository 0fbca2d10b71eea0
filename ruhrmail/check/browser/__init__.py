"""What only a browser sees: how mails and pages look in the ways that readers open them."""

from ruhrmail.check.browser.chromium import Browser, open_browser

__all__ = ["Browser", "open_browser"]
