"""Exports as the tools write them: made up, with the columns that they document."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PLACES = ("LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE", "CC", "REGION")
AUDIENCE = ("Email Address", "First Name", "Last Name", "Wohnort", "MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP",
            "CONFIRM_TIME", "CONFIRM_IP", *PLACES)  # fmt: skip
ENDING = ("LAST_CHANGED", "LEID", "EUID", "NOTES", "TAGS")
LEFT = ("UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID", "UNSUB_REASON", "UNSUB_REASON_OTHER")
CLEANED = ("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID")
MAILCHIMP = {
    "subscribed": (*AUDIENCE, *ENDING),
    "nonsubscribed": (*AUDIENCE, *ENDING),
    "unsubscribed": (*AUDIENCE, *LEFT, *ENDING),
    "cleaned": (*AUDIENCE, *CLEANED, *ENDING),
}
LISTMONK = ("uuid", "email", "name", "attributes", "status", "created_at", "updated_at")
CLEVERREACH = ("email", "registered", "activated", "deactivated", "source", "bounced", "tags", "vorname", "nachname")
CLEVERREACH_GERMAN = ("E-Mail", "Registriert", "Aktiviert", "Deaktiviert", "Quelle", "Status", "Tags", "Vorname")
KEILA = ("Email", "First name", "Last name", "Data", "Status")
SIGNED_UP = {
    "OPTIN_TIME": "2024-05-01 10:00:00", "OPTIN_IP": "192.0.2.1", "CONFIRM_TIME": "2024-05-01 10:05:00",
    "CONFIRM_IP": "192.0.2.2", "LATITUDE": "51.4556000", "CC": "de", "LEID": "90498395", "EUID": "810826c56e",
}  # fmt: skip
"""What Mailchimp writes of somebody with a double opt-in."""

Row = Mapping[str, str]


def table(columns: Sequence[str], rows: Sequence[Row], delimiter: str = ",") -> str:
    """A CSV file of rows that name only some of the columns."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def audience(**rows: Sequence[Row]) -> dict[str, str]:
    """The files of an audience's export, by their names."""
    return {
        f"{standing}_email_audience_export_1a2b.csv": table(MAILCHIMP[standing], some)
        for standing, some in rows.items()
    }


def archive(path: Path, files: Mapping[str, str]) -> Path:
    """The files in a zip archive."""
    with zipfile.ZipFile(path, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    return path


def answer(*subscribers: Mapping[str, Any], indent: int | None = None) -> str:
    """What listmonk's interface answers."""
    found = {"results": list(subscribers), "query": "", "total": len(subscribers), "per_page": 0, "page": 1}
    return json.dumps({"data": found}, indent=indent)


def subscriber(email: str, *lists: Mapping[str, Any], status: str = "enabled", **more: Any) -> dict[str, Any]:
    """A subscriber in it."""
    return {
        "id": 1, "created_at": "2023-02-10T23:07:16.199433+01:00", "updated_at": "2024-03-01T08:00:00.5+01:00",
        "uuid": "ea06b2e7-4b08-4697-bcfc-2a5c6dde8f1c", "email": email, "name": "Ada Zeche", "attribs": {},
        "status": status, "lists": list(lists), **more,
    }  # fmt: skip


def on_list(
    name: str, status: str, optin: str = "double", confirmed: str = "2023-02-11T09:00:00+01:00"
) -> dict[str, Any]:
    """One of a subscriber's lists."""
    return {
        "subscription_status": status, "subscription_created_at": "2023-02-10T23:07:16.199433+01:00",
        "subscription_updated_at": confirmed, "subscription_meta": {"optin_ip": "192.0.2.3"}, "id": 1, "name": name,
        "type": "public", "optin": optin, "tags": [], "created_at": "2020-01-01T00:00:00Z",
        "updated_at": "2020-01-01T00:00:00Z",
    }  # fmt: skip
