"""What a browser asks for, and where it gave up."""

from collections.abc import Iterator

from ruhrmail.check.browser.trace import name_of
from ruhrmail.check.browser.viewing import looks_at
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.privacy import fetched, own_hosts
from ruhrmail.model.finding import Finding
from ruhrmail.model.links import host_of
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase


def find_requests(dossier: Dossier) -> Iterator[Finding]:
    """When the mail or a page is opened, the browser asks a foreign host for something.

    Why: That host learns who opened it, and when; see `privacy/remote-third-party`, which reads the HTML. This rule
        watches what is asked for, however the HTML writes it. Nothing leaves the machine while it does.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><div style="background-image:image-set('https://zaehler.example/p.png' 1x)">x</div></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><div>{{ block.text.html }}</div></mj-text>
    Remedy: take the file into the project, or allow the host in `check.hosts`
    """
    known = {host_of(url) for sheet in dossier.sheets for url, _ in fetched(sheet, dossier)}
    for look in looks_at(dossier):
        for host in sorted({host_of(url).lower() for url in look.refused} - own_hosts(dossier) - known):
            message = phrase("{page} asks a foreign host when it is opened: {host}", page=name_of(look), host=host)
            hint = phrase("take the file into the project, or allow the host in `check.hosts`")
            yield Finding("privacy/request", "error", find_host(host, dossier), message, hint)


def find_host(host: str, dossier: Dossier) -> Location:
    """The line of the project's templates that names a host; else the issue as a whole."""
    for template in dossier.templates:
        for number, line in enumerate(template.lines, 1):
            if host in line:
                place = dossier.template_line(template.name, number)
                return Location(place.file, place.line, line.index(host) + 1, place.excerpt)
    return dossier.whole


def find_troubles(dossier: Dossier) -> Iterator[Finding]:
    """The browser did not finish with the mail or a page.

    Why: It hung or died, so nobody knows what is on it. A page that a browser cannot show is none for readers either;
        where the browser is to blame, its own message says so. After the second page the rest of an issue is left out.
    Bad:
        # templates with so many elements inside each other that laying them out takes minutes
    Good:
        # templates that a browser shows at once
    Remedy: look at the page with `ruhrmail build`; where it is fine there, give the machine more memory
    """
    for look in looks_at(dossier):
        if look.trouble:
            message = phrase("Chromium gave up on {page}: {reason}", page=name_of(look), reason=look.trouble)
            hint = phrase("look at the page in build/{slug}/", slug=dossier.slug)
            yield Finding("check/browser", "error", dossier.whole, message, hint)
