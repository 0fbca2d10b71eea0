"""Arguments and options that mean the same in several commands."""

from typing import Annotated

import typer

from ruhrmail.cli.completion import name_issues
from ruhrmail.cli.words import word

Slug = Annotated[str, typer.Argument(metavar="SLUG", autocompletion=name_issues, help=word("The issue."))]
Slugs = Annotated[
    list[str] | None,
    typer.Argument(metavar="SLUG", autocompletion=name_issues, help=word("Issues; none: all.")),
]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help=word("The mail address."))]
Yes = Annotated[bool, typer.Option("--yes", "-y", help=word("Do not ask."))]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help=word("The port; 0: any free one."))]
Log = Annotated[
    str | None,
    typer.Option("--log", metavar="FILE", help=word("Append a line of JSON for each attempt; - for stderr.")),
]
LogAddresses = Annotated[
    bool, typer.Option("--log-addresses", help=word("Name recipients in the log; without, it holds no address."))
]
Metrics = Annotated[
    str | None,
    typer.Option("--metrics", metavar="[HOST:]PORT", help=word("Serve metrics for Prometheus meanwhile.")),
]
