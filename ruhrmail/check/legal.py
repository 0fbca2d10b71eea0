"""What the law wants in every mail: who answers for it, and the way out."""

from collections.abc import Iterator
from email import message_from_bytes, policy

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.sheet import plain
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase

DEMANDED = ("represented_by", "responsible", "phone")
"""What the settings may leave out and § 5 DDG and § 18 (2) MStV want."""
SHOWN = ("organisation", "street", "city", "email", "phone", "represented_by", "responsible")
HTML_FOOT = ("blocks/footer.mjml.j2", "mail.mjml.j2")
TEXT_FOOT = ("blocks/footer.txt.j2", "mail.txt.j2")
WAY_OUT = "/u/"


def find_imprint_gaps(dossier: Dossier) -> Iterator[Finding]:
    """The imprint lacks an item, in the settings or in the mail.

    Why: § 5 DDG wants name, address, representative, mail and a second quick channel; § 18 (2) MStV wants the person
        who answers for editorial content. Both in HTML and text.
    Bad:
        # ruhrmail.yaml
        imprint: {organisation: Agentur GmbH, street: Zechenweg 7, city: 45128 Essen, email: post@letter.example}
    Good:
        # ruhrmail.yaml
        imprint:
          organisation: Agentur GmbH
          street: Zechenweg 7
          city: 45128 Essen
          email: post@letter.example
          phone: +49 201 123
          represented_by: Ada Beispiel
          responsible: Ben Beispiel, Zechenweg 7, 45128 Essen
    Remedy: add the items to `imprint:`, and show them in your own footer templates
    """
    imprint = dossier.config.imprint
    for name in DEMANDED:
        if not getattr(imprint, name):
            at = dossier.config.document.at_key(("imprint",))
            hint = phrase("add `{name}: …` below `imprint:`", name=name)
            yield Finding("legal/imprint", "error", at, phrase("the imprint lacks {name}", name=name), hint)
    for form, templates, text in mail_texts(dossier):
        lacking = [name for name in SHOWN if plain(getattr(imprint, name) or "") not in text]
        if lacking:
            names = ", ".join(lacking)
            message = phrase("the {form} part does not show {name} of the imprint", form=form, name=names)
            hint = phrase("show it in the footer's template")
            yield Finding("legal/imprint", "error", dossier.blame(*templates), message, hint)


def mail_texts(dossier: Dossier) -> Iterator[tuple[str, tuple[str, str], str]]:
    """Both parts of every mail: form, the templates that show the imprint, words."""
    for sheet in dossier.sheets_of("mail"):
        yield "HTML", HTML_FOOT, sheet.words
    for text in dossier.texts.values():
        yield "text", TEXT_FOOT, plain(text)


def find_no_way_out(dossier: Dossier) -> Iterator[Finding]:
    """The mail has no link to unsubscribe.

    Why: § 7 (2) UWG and Art. 7 (3) GDPR: leaving is as easy as joining, in every mail. Readers without it press "spam".
    Bad:
        # templates/blocks/footer.mjml.j2, in part
        <mj-section><mj-column><mj-text>{{ imprint.organisation }}</mj-text></mj-column></mj-section>
    Good:
        # templates/blocks/footer.mjml.j2, in part
        <mj-section><mj-column><mj-text>
          <a href="{{ unsubscribe_url }}">Newsletter abbestellen</a>
        </mj-text></mj-column></mj-section>
    Remedy: link `unsubscribe_url` in blocks/footer.mjml.j2 and blocks/footer.txt.j2
    """
    hint = phrase("link `unsubscribe_url` there")
    message = phrase("the mail has no link to unsubscribe")
    way_out = dossier.config.url + WAY_OUT
    for sheet in dossier.sheets_of("mail"):
        if not any(url.startswith(way_out) for _, url in sheet.links()):
            at = dossier.blame(*HTML_FOOT)
            yield Finding("legal/unsubscribe", "error", at, message, hint)
    if not all(way_out in text for text in dossier.texts.values()):
        yield Finding("legal/unsubscribe", "error", dossier.blame(*TEXT_FOOT), message, hint)


def find_no_web_version(dossier: Dossier) -> Iterator[Finding]:
    """The mail has no link to its page on the web.

    Why: Where a mail program cuts off or breaks the mail, the page on the web is the only readable form.
    Bad:
        # templates/mail.txt.j2, in part
        {{ issue.title }}
    Good:
        # templates/mail.txt.j2, in part
        {{ issue.title }}
        {{ t("Open in the browser") }}: {{ address }}
    Remedy: link `address` in mail.mjml.j2 and mail.txt.j2
    """
    hint = phrase("link `address` there")
    message = phrase("the mail has no link to its page on the web")
    for sheet in dossier.sheets_of("mail"):
        if not any(url.rstrip("/") == dossier.address.rstrip("/") for _, url in sheet.links()):
            yield Finding("legal/web-version", "error", dossier.template_line("mail.mjml.j2", 1), message, hint)
    if not all(dossier.address in text for text in dossier.texts.values()):
        yield Finding("legal/web-version", "error", dossier.template_line("mail.txt.j2", 1), message, hint)


def find_header_gaps(dossier: Dossier) -> Iterator[Finding]:
    """The message lacks the headers for unsubscribing with one click.

    Why: Gmail, Yahoo, Microsoft and Apple demand List-Unsubscribe and List-Unsubscribe-Post (RFC 8058). ruhrmail writes
        them; the address must be https, for which `newsletter.url` decides.
    Bad:
        # ruhrmail.yaml
        newsletter:
          name: Ruhrblick
          url: http://letter.example
          sender: {name: Ruhrblick, address: post@letter.example}
    Good:
        # ruhrmail.yaml
        newsletter:
          name: Ruhrblick
          url: https://letter.example
          sender: {name: Ruhrblick, address: post@letter.example}
    Remedy: write `newsletter.url` with https://
    """
    for raw in dossier.messages.values():
        message = message_from_bytes(raw, policy=policy.default)
        named = str(message.get("List-Unsubscribe", ""))
        one_click = str(message.get("List-Unsubscribe-Post", "")).strip() == "List-Unsubscribe=One-Click"
        if "<https://" not in "".join(named.split()) or not one_click:
            at = dossier.config.document.at_value(("newsletter", "url"))
            text = phrase("readers cannot leave with one click: List-Unsubscribe has no https address")
            hint = phrase("write `newsletter.url` with https://")
            yield Finding("legal/list-unsubscribe", "error", at, text, hint)
