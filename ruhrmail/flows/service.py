"""Which web service answers at the newsletter's address: its store and its keys, as `/healthz` names them."""

import asyncio
import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

import httpcore
import idna

from ruhrmail import __version__
from ruhrmail.errors import ServiceError
from ruhrmail.model.phrase import Phrase, phrase

PATIENCE = 10.0
"""Seconds for everything together: names, connections, redirects, a second and a third try."""
TRIES, PAUSE = 3, 2.0
REDIRECTS = 3
LONGEST_ANSWER = 65536
HEADERS = {"User-Agent": f"ruhrmail/{__version__}", "Accept": "application/json", "Connection": "close"}
MOVED = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Service:
    """Who answered: the store's id and the ids of the keys it knows, the one that signs first."""

    store: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `body` is cut off where it is longer than any that we know."""

    status: int
    location: str
    body: bytes


def ask_service(url: str, patience: float = PATIENCE, pause: float = PAUSE) -> Service:
    """Asks `URL/healthz` who it is, within so many seconds. Raises ServiceError where nobody says so.

    Certificates are checked against the system's authorities (and those in SSL_CERT_FILE); redirects are followed on
    the same host only, a proxy is not used. One that does not answer is tried three times, `pause` seconds apart.
    """
    return asyncio.run(ask_in_time(url, patience, pause))


async def ask_in_time(url: str, patience: float, pause: float) -> Service:
    """The same, awaited."""
    trouble = unanswered(url, phrase("it took too long"))
    try:
        async with asyncio.timeout(patience):
            for number in range(TRIES):
                await asyncio.sleep(pause if number else 0)
                try:
                    answer = await follow(url)
                except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
                    trouble = unanswered(url, reason_of(error))
                    if refused_certificate(error) is not None:
                        break  # the next try would see the same
                    continue
                if answer.status < 500:
                    return service_of(url, answer)
                trouble = unanswered(url, phrase("it says {status}", status=answer.status))
    except (TimeoutError, httpcore.TimeoutException):
        pass  # the last trouble says more than that time is over
    except (UnicodeError, ValueError) as error:  # no host name, no address (RFC 5890, RFC 3986)
        raise unanswered(url, phrase("its name is not known")) from error
    raise trouble


async def follow(url: str) -> Answer:
    """The answer at the end of the redirects. Raises ServiceError where they leave the host; and as `fetch` does."""
    place = url + "/healthz"
    for _ in range(REDIRECTS + 1):
        answer = await fetch(place)
        if answer.status not in MOVED:
            return answer
        target = urljoin(place, answer.location)
        if not is_same_host(place, target):
            raise ServiceError(
                phrase(
                    "the address {url} leads to another host: {host}", url=url, host=urlsplit(target).hostname or ""
                ),
                hint=WHERE,
            )
        place = target
    raise ServiceError(phrase("the address {url} leads in circles", url=url), hint=WHERE)


async def fetch(address: str) -> Answer:
    """One request over a connection of its own. Raises the library's errors, OSError, ValueError."""
    parts = urlsplit(address)
    secure = parts.scheme == "https"
    host = ascii_host(parts.hostname or "")
    url = httpcore.URL(
        scheme=parts.scheme.encode(), host=host.strip("[]").encode(), port=parts.port,
        target=quote(parts.path + (f"?{parts.query}" if parts.query else ""), safe="/?=&%").encode(),
    )  # fmt: skip
    headers = [("Host", host + (f":{parts.port}" if parts.port else "")), *HEADERS.items()]
    context = ssl.create_default_context() if secure else None
    async with (
        httpcore.AsyncConnectionPool(ssl_context=context) as pool,
        pool.stream("GET", url, headers=headers) as got,
    ):
        location = dict(got.headers).get(b"location", b"") or dict(got.headers).get(b"Location", b"")
        return Answer(got.status, location.decode("latin-1"), await read_body(got))


async def read_body(response: httpcore.Response) -> bytes:
    """The first bytes of a body, and no more than that from the network."""
    body = b""
    async for chunk in response.aiter_stream():
        body += chunk
        if len(body) > LONGEST_ANSWER:
            break
    return body[: LONGEST_ANSWER + 1]


def service_of(url: str, answer: Answer) -> Service:
    """Who an answer is from. Raises ServiceError where it is not from a web service of ours."""
    try:
        said = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, Mapping):
        store, keys = said.get("store"), said.get("keys")
        if isinstance(store, str) and isinstance(keys, list) and all(isinstance(one, str) for one in keys):
            return Service(store, tuple(keys))
    raise ServiceError(
        phrase("what answers at {url} is no web service of ruhrmail (status {status})", url=url, status=answer.status),
        hint=WHERE,
    )


WHERE = phrase(
    "`newsletter.url` (or RUHRMAIL_URL) must lead to `ruhrmail serve`; --no-service-check sends nevertheless"
)


def unanswered(url: str, reason: Phrase) -> ServiceError:
    """The error for a service that is not there."""
    return ServiceError(
        phrase("the web service at {url} does not answer: {reason}", url=url, reason=reason),
        hint=phrase(
            "start `ruhrmail serve` there: mails lead to it for pictures and for leaving; "
            "--no-service-check sends nevertheless"
        ),
    )


def reason_of(error: BaseException) -> Phrase:
    """Why there was no answer."""
    refused = refused_certificate(error)
    if refused is not None:
        return phrase("its certificate is not valid: {reason}", reason=refused.verify_message)
    told = (one.strerror for one in causes(error) if isinstance(one, OSError) and one.strerror)
    return phrase("{reason}", reason=next(told, str(error) or type(error).__name__))


def refused_certificate(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The certificate's error behind another."""
    return next((one for one in causes(error) if isinstance(one, ssl.SSLCertVerificationError)), None)


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and those behind it."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def is_same_host(one: str, other: str) -> bool:
    """Whether an address leads to the same server; to its encrypted side as well, never back from there."""
    here, there = urlsplit(one), urlsplit(other)
    if here.hostname != there.hostname:
        return False
    return (here.scheme, here.port) == (there.scheme, there.port) or (here.scheme, there.scheme) == ("http", "https")


def ascii_host(host: str) -> str:
    """A host name as name servers know it (RFC 5891); numeric IPv6 addresses in brackets. Raises UnicodeError."""
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else idna.encode(host, uts46=True).decode()
