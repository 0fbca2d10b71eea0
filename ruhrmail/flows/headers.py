"""Settings to the headers of a mailing."""

from datetime import datetime

from ruhrmail.compose import Headers
from ruhrmail.config import Config


def headers_of(config: Config, date: datetime) -> Headers:
    """What every message of the newsletter says besides its edition."""
    sender = config.newsletter.sender
    return Headers(
        sender_name=sender.name,
        sender_address=sender.address,
        list_name=config.newsletter.name,
        list_domain=sender.address.rpartition("@")[2],
        url=config.url,
        date=date,
        reply_to=config.newsletter.reply_to,
        unsubscribe_domain=config.return_domain if config.bounces else "",
    )
