"""The engine's way to PostgreSQL; imported where procrastinate is known to be installed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString

from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException

STEP_SECONDS = 8.0
"""How long a step may take, a session included that must be dialled before. A proxy on the way answers for a server
that is gone, so neither keepalives nor the server's own limits end what nobody answers any more."""


@asynccontextmanager
async def bounded() -> AsyncIterator[None]:
    """Ends what takes too long, as the driver does with a session that broke off. Raises ConnectorException."""
    try:
        async with asyncio.timeout(STEP_SECONDS):
            yield
    except TimeoutError as error:
        raise ConnectorException(f"no answer within {STEP_SECONDS:.0f} s") from error


class BoundedConnector(PsycopgConnector):
    """Waits for no statement without end."""

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Raises ConnectorException."""
        async with bounded():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Raises ConnectorException."""
        async with bounded():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """Raises ConnectorException."""
        async with bounded():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        return rows
