"""Web hooks: what a sending service posts, read up to a limit and handed over."""

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.web.look import respond
from ruhrmail.web.pages import PLAIN, PRIVATE, site_of

LARGEST = 1024 * 1024
"""Bytes of a request; the largest batches have three quarters of that."""


async def hook(request: Request) -> Response:
    """200 when the report is taken in durably, 403 when it is not proven the service's, 404 for an unknown service.

    While the store does not answer it is 503, so that the service comes again.
    """
    receive = site_of(request).hook
    if receive is None:
        return answer(request, HTTPStatus.NOT_FOUND)
    body = await read_body(request)
    if body is None:
        return answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    headers = {name.lower(): value for name, value in request.headers.items()}
    status = await run_in_threadpool(receive, request.path_params["service"], headers, body)
    return answer(request, HTTPStatus(status))


async def read_body(request: Request) -> bytes | None:
    """The whole body; None for one that is too large, which is not kept in memory."""
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > LARGEST:
            return None
    return bytes(body)


def answer(request: Request, status: HTTPStatus) -> Response:
    """A line for machines."""
    return respond(request, f"{status.phrase}\n".encode(), PLAIN, status, PRIVATE)
