"""Web hooks: what a sending service posts, handed over. Its size is `body.LARGER`'s business."""

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ruhrmail.web.look import respond
from ruhrmail.web.pages import PLAIN, site_of


async def hook(request: Request) -> Response:
    """200 when the report is taken in durably, 403 when it is not proven the service's, 404 for an unknown service.

    While the store does not answer it is 503, so that the service comes again.
    """
    receive = site_of(request).hook
    status = HTTPStatus.NOT_FOUND
    if receive is not None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        service, body = request.path_params["service"], await request.body()
        status = HTTPStatus(await run_in_threadpool(receive, service, headers, body))
    return respond(request, f"{status.phrase}\n".encode(), PLAIN, status)
