"""A store as an older ruhrmail left it."""

from sqlalchemy import Connection

NEW_IN = {
    2: (("mailings", "variants"),),
    3: (
        ("mailings", "prepared_at"),
        ("mailings", "scheduled_for"),
        ("mailings", "stopped_at"),
        ("mailings", "reason"),
        ("deliveries", "earlier"),
    ),
    5: (("outbox", "email"), ("mailings", "unchecked_at")),
    6: (("mailings", "overruled"),),
    7: (("workers", "hindrances"),),
}
TABLES_NEW_IN = {
    6: ("workers", "approvals"),
    5: ("sources", "bounces", "address_changes", "preferences"),
    4: ("outbox", "consents", "wordings", "imports", "decisions"),
}
"""In an order in which they can go."""
INDEXES_NEW_IN = {5: ("consents_withdrawn",)}


def make_older(connection: Connection, version: int) -> None:
    """Takes away what the tables got after `version`."""
    for newer, columns in NEW_IN.items():
        for table, column in columns if newer > version else ():
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
    for newer, indexes in INDEXES_NEW_IN.items():
        for index in indexes if newer > version else ():
            connection.exec_driver_sql(f"DROP INDEX {index}")
    for newer, tables in TABLES_NEW_IN.items():
        for table in tables if newer > version else ():
            connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"UPDATE meta SET value = '{version}' WHERE key = 'version'")
