"""The table of whoever sends beside others."""

from sqlalchemy import JSON, BigInteger, Column, Float, Integer, Table, Text

from ruhrmail.store.schema.columns import Instant, metadata, text_column

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    text_column("mailing"),
    Column("slots", JSON, nullable=False),
    Column("total", Integer, nullable=False, default=0),
    Column("sent", BigInteger, nullable=False, default=0),
    Column("rate", Float, nullable=False, default=0.0),
    Column("hindrances", JSON, nullable=False, server_default="[]"),
)
"""The processes that send from this store beside others: the fields of `model.fleet.Worker`. Times are the server's.
A row goes when its worker ends, or was not seen for so long that others take over its work."""
