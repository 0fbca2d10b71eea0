"""Why nobody is let in, in words that help. Before the login the driver gives no code, so its own words are read:
libpq's, the server's in English and German, and those of PgBouncer."""

from dataclasses import dataclass

from ruhrmail.model.phrase import Phrase, phrase

REASON = "{reason}"
"""Stands in a message for what the driver says."""
CHECK_LOGIN = phrase("check user and password: in RUHRMAIL_STORE, PGPASSWORD or .pgpass (mode 0600)")
CHECK_KEY = phrase("check sslcert and sslkey in RUHRMAIL_STORE; the key must be readable for this user alone (0600)")
NO_CONNECTION = (
    phrase("PostgreSQL has no connection left"),
    phrase("raise max_connections, or start fewer programs"),
)
POOLER_FULL = (
    phrase("the pooler in front of PostgreSQL has no connection left"),
    phrase("raise default_pool_size in PgBouncer, or start fewer programs"),
)
NO_OPTIONS = (
    phrase("the pooler in front of PostgreSQL does not hand on `options` from the address"),
    phrase("take them out of RUHRMAIL_STORE, and set them with ALTER ROLE USER SET search_path = …"),
)
LOGIN = (phrase("PostgreSQL refuses the login"), CHECK_LOGIN)
NO_DATABASE = (
    phrase("the database of the store does not exist"),
    phrase("make it with: createdb --encoding=UTF8 NAME"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is told where one of the words stands in what the driver says."""

    words: tuple[str, ...]
    message: Phrase
    hint: Phrase


REFUSALS = (
    Refusal(
        ("certificate verify failed",),
        phrase("the certificate of the PostgreSQL server does not hold: {reason}", reason=REASON),
        phrase("it has expired, or another authority than sslrootcert names signed it; give the server a valid one"),
    ),
    Refusal(
        ("does not match host name",),
        phrase("the PostgreSQL server shows the certificate of another host: {reason}", reason=REASON),
        phrase("name the host in RUHRMAIL_STORE as its certificate does"),
    ),
    Refusal(
        ("root certificate file", "system root certificate"),
        phrase("there is nothing to compare the certificate of the PostgreSQL server with: {reason}", reason=REASON),
        phrase(
            "name the authority's file in RUHRMAIL_STORE: ?sslmode=verify-full&sslrootcert=/etc/ssl/certs/db-ca.pem"
        ),
    ),
    Refusal(
        ("server does not support SSL",),
        phrase("the PostgreSQL server speaks no TLS: {reason}", reason=REASON),
        phrase("switch it on there (ssl = on), and check host and port in RUHRMAIL_STORE"),
    ),
    Refusal(
        ("private key file", "could not read certificate file", "could not open certificate file"),
        phrase("our own certificate for PostgreSQL cannot be used: {reason}", reason=REASON),
        CHECK_KEY,
    ),
    Refusal(
        (
            "requires a valid client certificate",
            "ein gültiges Client-Zertifikat",
            "certificate required",
            "alert certificate",
            "alert bad certificate",
            "alert unknown ca",
            "alert unsupported certificate",
        ),
        phrase("PostgreSQL demands a certificate of ours that it trusts: {reason}", reason=REASON),
        phrase("name a valid one in RUHRMAIL_STORE, ?sslcert=…&sslkey=…, signed by the authority in its ssl_ca_file"),
    ),
    Refusal(
        (
            "too many clients",
            "schon zu viele Verbindungen",
            "remaining connection slots",
            "die verbleibenden Verbindungen",
            "too many connections",
            "zu viele Verbindungen",
            "no more connections allowed",
        ),
        *NO_CONNECTION,
    ),
    Refusal(("query_wait_timeout",), *POOLER_FULL),
    Refusal(
        ("permission denied for database", "keine Berechtigung für Datenbank"),
        phrase("the user may not enter the database of the store"),
        phrase("as its owner: GRANT CONNECT, TEMPORARY ON DATABASE NAME TO USER"),
    ),
    Refusal(
        ("pg_hba.conf",),
        phrase("PostgreSQL lets this user not in from here: {reason}", reason=REASON),
        phrase("add a line to its pg_hba.conf; where it wants encryption, say ?sslmode=verify-full in RUHRMAIL_STORE"),
    ),
    Refusal(
        (
            "authentication failed",
            "uthentifizierung für Benutzer",
            "no password supplied",
            'FATAL:  role "',
            "FATAL:  Rolle »",
            "no such user",
            "FATAL:  auth failed",
            "authentication method requirement",
        ),
        *LOGIN,
    ),
    Refusal(
        ("not currently accepting connections", "akzeptiert gegenwärtig keine Verbindungen"),
        phrase("the database of the store takes no connections now"),
        phrase("as the superuser: ALTER DATABASE NAME ALLOW_CONNECTIONS true"),
    ),
    Refusal(('FATAL:  database "', "FATAL:  Datenbank »", "no such database"), *NO_DATABASE),
    Refusal(("unsupported startup parameter",), *NO_OPTIONS),
    Refusal(
        (
            "invalid ",
            "definition of service",
            "service file",
            "unrecognized configuration parameter",
            "unbekannter Konfigurationsparameter",
            "ungültiges Kommandozeilenargument",
            "weak sslmode",
            "could not match",
            "channel binding required",
            "GSSAPI encryption required",
        ),
        phrase("a part of the address of the PostgreSQL database is wrong: {reason}", reason=REASON),
        phrase("check RUHRMAIL_STORE, the PG… variables and the service file"),
    ),
)
"""The first that fits counts: the server's words name databases and roles in several."""


def refusal_of(said: str) -> Refusal | None:
    """What the driver's words stand for; None where they tell of a server that is away."""
    return next((one for one in REFUSALS if any(words in said for words in one.words)), None)


def told(message: Phrase, reason: str) -> Phrase:
    """A message with what the driver says in its place."""
    return Phrase(message.template, {"reason": reason}) if REASON in message.template else message
