"""What every key means, in a sentence or two for the person who writes it: editors show them as help.

`Model` is the block or section itself, `Model.key` one of its keys; a key that a model inherits is told at its parent.
The key `type` is told by its block. One table, long as it is: whoever adds a key looks for its neighbours here.
"""

from collections.abc import Mapping

from ruhrmail.model.phrase import Phrase, phrase

ISSUE: Mapping[str, Phrase] = {
    "Issue": phrase("One issue of the newsletter."),
    "Issue.number": phrase("The issue's number, shown in its head. Each number once."),
    "Issue.date": phrase("The day the issue appears: 2026-11-06 or 06.11.2026."),
    "Issue.subject": phrase("The mail's subject line. About 50 characters are shown in most inboxes."),
    "Issue.preheader": phrase("One sentence that stands behind the subject in the inbox: 40 to 100 characters."),
    "Issue.title": phrase("The headline of the web page. Without it, the subject."),
    "Issue.language": phrase("The issue's language. Without it, the newsletter's."),
    "Issue.published": phrase("true: the issue is public on the web even before it is sent."),
    "Issue.content": phrase("The blocks of the issue from top to bottom, each beginning with `- type:`."),
    "Placed.only_for": phrase("Only readers with one of these tags see the block: one tag or a list of them."),
    "Placed.not_for": phrase("Readers with one of these tags do not see the block: one tag or a list of them."),
    "Picture": phrase("A picture that lies beside the issue's file."),
    "Picture.src": phrase("The picture's file, relative to the issue's file: JPEG or PNG, 1300 pixels wide or more."),
    "Picture.alt": phrase("What the picture shows, for those who cannot see it. Not the caption over again."),
    "Picture.caption": phrase("The line below the picture."),
    "Picture.credit": phrase("Who made the picture, such as: “Photo: Kim Beispiel”."),
    "Picture.decorative": phrase("true: the picture says nothing that the text does not; then `alt` may be missing."),
    "Link": phrase("Where a text leads."),
    "Link.url": phrase("The complete address, with https:// in front; mailto: and tel: work too."),
    "Link.label": phrase("The words of the link. Without them “Read more” or “Details”."),
    "Editorial": phrase("The editor's letter: portrait, salutation, text, closing and name."),
    "Editorial.text": phrase(
        "The letter in Markdown: an empty line parts paragraphs, **bold**, *italic*, [link](https://…)."
    ),
    "Editorial.portrait": phrase("The writer's portrait; it is shown round."),
    "Editorial.salutation": phrase("The salutation with its comma. “{{ greeting }},” greets each reader by name."),
    "Editorial.closing": phrase("The closing above the name, such as “Kind regards”. Line ends are kept."),
    "Editorial.author": phrase("Who signs."),
    "Editorial.role": phrase("The writer's office and organisation. Line ends are kept."),
    "Editorial.signature": phrase("A picture of the handwritten signature."),
    "Article": phrase("A story: picture, headline and teaser, linked to the whole text."),
    "Article.title": phrase("The headline."),
    "Article.id": phrase(
        "The end of its web address: small letters, digits and hyphens. Without it, made from the headline."
    ),
    "Article.kicker": phrase("One or two words above the headline, such as a section."),
    "Article.image": phrase("The picture of the story."),
    "Article.text": phrase("The teaser in Markdown: two to four sentences that make curious."),
    "Article.link": phrase("Where the whole text stands. Either this or `body`."),
    "Article.body": phrase(
        "The whole text, which becomes a page of its own that the teaser links to: Markdown with headings from ##, or "
        "a list of blocks. Either this or `link`."
    ),
    "Article.layout": phrase(
        "`lead` is large, `card` stands beside its neighbour. Without it, across the whole width."
    ),
    "Events": phrase("Dates to note, in the order of the file."),
    "Events.events": phrase("The events; each begins with `- title:`."),
    "Events.title": phrase("The headline above the events."),
    "Event": phrase("Something to go to: on one day, over several, or at a series of places."),
    "Event.title": phrase("What takes place."),
    "Event.start": phrase("When it begins: 2026-11-21T10:00 or 21.11.2026 10:00; a day alone is an all-day event."),
    "Event.end": phrase("When it ends, in the same form as the beginning."),
    "Event.place": phrase("Where: venue and town."),
    "Event.dates": phrase("Several dates, instead of `start`; each begins with `- start:` and may have its own place."),
    "Event.text": phrase("One or two sentences about the event, in Markdown."),
    "Event.link": phrase("Where to read more or register."),
    "EventDate": phrase("One date of the event."),
    "EventDate.start": phrase("When it begins: 2026-11-21T10:00 or 21.11.2026 10:00; a day alone is an all-day event."),
    "EventDate.end": phrase("When it ends, in the same form as the beginning."),
    "EventDate.place": phrase("Where this date takes place. Without it, the place of the event."),
    "Heading": phrase("A headline between blocks."),
    "Heading.text": phrase("The headline's words."),
    "Heading.level": phrase("2 opens a section, 3 a part of one. Without it, 2."),
    "Text": phrase("Running text."),
    "Text.text": phrase("The text in Markdown: an empty line parts paragraphs, **bold**, *italic*, [link](https://…)."),
    "Image": phrase("A picture across the whole width."),
    "Image.link": phrase("Where a click on the picture leads."),
    "Gallery": phrase("Several pictures beside each other."),
    "Gallery.images": phrase("The pictures; each begins with `- src:`."),
    "Gallery.title": phrase("The headline above the pictures."),
    "Quote": phrase("What somebody said, set large."),
    "Quote.text": phrase("The words themselves, without quotation marks. Line ends are kept."),
    "Quote.author": phrase("Who said it."),
    "Quote.role": phrase("The speaker's office and organisation. Line ends are kept."),
    "Quote.portrait": phrase("The speaker's portrait; it is shown round."),
    "Button": phrase("A large button that leads somewhere."),
    "Button.url": phrase("The complete address, with https:// in front; mailto: and tel: work too."),
    "Button.label": phrase("The words on the button: what happens, such as “Register now”."),
    "Contents": phrase("A table of contents; its entries come by themselves."),
    "Contents.title": phrase("The headline above the entries."),
    "Related": phrase("Cards that lead on: more on this topic."),
    "Related.cards": phrase("The cards; each begins with `- title:`."),
    "Related.title": phrase("The headline above the cards."),
    "Card": phrase("One card: headline, link, and if you like text and picture."),
    "Card.title": phrase("The card's headline."),
    "Card.link": phrase("Where the card leads."),
    "Card.text": phrase("A short teaser in Markdown; a longer one is cut at a word."),
    "Card.image": phrase("The card's picture."),
    "Figures": phrase("Key numbers beside each other."),
    "Figures.figures": phrase("The numbers; each begins with `- value:`."),
    "Figures.title": phrase("The headline above the numbers."),
    "Figure": phrase("One key number."),
    "Figure.value": phrase("The number as it is shown, with its unit: “1.400 m²”."),
    "Figure.label": phrase("What it counts, in a few words."),
    "Figure.note": phrase("Small print below: as of when, or the source."),
    "Logos": phrase("The signs of partners and sponsors in a row."),
    "Logos.logos": phrase("The logos; each begins with `- src:`."),
    "Logos.title": phrase("The headline above the logos."),
    "Logo": phrase("One partner's sign."),
    "Logo.alt": phrase("The partner's name."),
    "Logo.link": phrase("The partner's website."),
    "Divider": phrase("A rule between blocks."),
}

CONFIG: Mapping[str, Phrase] = {
    "Settings": phrase("The settings of a newsletter project."),
    "Settings.newsletter": phrase("What the newsletter is called and where it lives."),
    "Settings.imprint": phrase("Who answers for the newsletter. It stands in every mail and on every page."),
    "Settings.theme": phrase("How the newsletter looks."),
    "Settings.subscribers": phrase(
        "The mailing list as CSV; it may lie outside the project. Without this key, subscribers.csv."
    ),
    "Settings.audiences": phrase(
        "Names for parts of the list, each with an expression such as tag:wirtschaft and language:de."
    ),
    "Settings.redirects": phrase(
        "Issues and articles' pages that have another name now: old place below archive/ to new one."
    ),
    "Settings.topics": phrase("What readers may choose from, by tag; each with the label that the page shows."),
    "Topic": phrase("A topic that readers may choose: its label by language, and what it is about."),
    "Topic.de": phrase("The label on German pages."),
    "Topic.en": phrase("The label on English pages."),
    "Topic.description": phrase("A sentence below the label: one text, or one for each language."),
    "Words": phrase("A text by the language of the page."),
    "Words.de": phrase("The German text."),
    "Words.en": phrase("The English text."),
    "Settings.consent": phrase("How people come onto the list by themselves."),
    "ConsentSettings": phrase("How people come onto the list by themselves."),
    "ConsentSettings.wording": phrase("What people agree to. Without it, a text with the newsletter's name."),
    "ConsentSettings.purge": phrase(
        "After how many days who asked to join and did not confirm is deleted. Without it, 14."
    ),
    "ConsentSettings.origin": phrase("true: keep the network address that a request came from."),
    "ConsentSettings.privacy": phrase("Where the privacy notice stands; the form links to it."),
    "ConsentWording": phrase("What people agree to, by the language of the page."),
    "ConsentWording.de": phrase("The German text."),
    "ConsentWording.en": phrase("The English text."),
    "Settings.images": phrase(
        "Where pictures lie: hosted (at the newsletter's address) or embedded (inside each mail)."
    ),
    "Settings.approval": phrase(
        "required: `send` mails only what somebody approved with `ruhrmail approve`. Without it, off."
    ),
    "Settings.store": phrase(
        "The database that remembers mailings and who left: sqlite:///PATH or postgresql://USER@HOST/NAME, without a"
        " password. Without this key, sqlite:///.ruhrmail/state.db."
    ),
    "Settings.delivery": phrase("How the mail leaves."),
    "Settings.dkim": phrase("The DKIM signatures under each mail. Without it none: many relays sign themselves."),
    "DkimSettings": phrase("One DKIM signature; its private key lies in .ruhrmail/dkim/SELECTOR.pem."),
    "DkimSettings.domain": phrase("The domain that signs, best the one of the sender's address."),
    "DkimSettings.selector": phrase(
        "The key's name of your choice: it is published in DNS at SELECTOR._domainkey.DOMAIN."
    ),
    "Settings.bounces": phrase(
        "Where returned mail is read. With it, mails also offer to be unsubscribed from by mail."
    ),
    "MailboxSettings": phrase("Where returned mail lies."),
    "MailboxSettings.source": phrase(
        "A Maildir, an mbox file, imaps://user@host/FOLDER without a password, or - where a mail server hands each "
        "message to `ruhrmail bounces -`."
    ),
    "MailboxSettings.name": phrase(
        "A name of your choice; the password then comes from RUHRMAIL_BOUNCES_NAME_PASSWORD or …_TOKEN."
    ),
    "MailboxSettings.every": phrase("How often `ruhrmail serve` looks. Without it, 5m."),
    "MailboxSettings.delete": phrase("true: messages that were understood are deleted."),
    "Settings.seeds": phrase("Mailboxes of your own at providers, to see where test mails arrive."),
    "SeedSettings": phrase("A mailbox of your own at a provider."),
    "SeedSettings.address": phrase("Its mail address."),
    "SeedSettings.imap": phrase("Where it is read: imaps://user@host without a password."),
    "SeedSettings.name": phrase(
        "A name of your choice; the password then comes from RUHRMAIL_SEEDS_NAME_PASSWORD or …_TOKEN."
    ),
    "Newsletter": phrase("What the newsletter is called and where it lives."),
    "Newsletter.name": phrase("The newsletter's name, shown in the head of mails and pages."),
    "Newsletter.language": phrase("The language of the newsletter and of ruhrmail's messages. Without it, German."),
    "Newsletter.url": phrase(
        "Where archive and unsubscribing are reachable on the web. It stands in every mail: choose it for long."
    ),
    "Newsletter.sender": phrase("Whom readers see as the sender."),
    "Newsletter.reply_to": phrase("Where answers go. Without it, to the sender."),
    "Newsletter.legal_basis": phrase(
        "Why you may write to everybody on the list; recorded with each mailing. Without it, each row of the list "
        "needs consented_at and consent_source."
    ),
    "Sender": phrase("Whom readers see as the sender."),
    "Sender.name": phrase("The name in the inbox."),
    "Sender.address": phrase("The mail address; its domain needs SPF and DKIM records that name your relay."),
    "Imprint": phrase("Who answers for the newsletter (§ 5 DDG, § 18 MStV)."),
    "Imprint.organisation": phrase("The full name with its legal form."),
    "Imprint.street": phrase("Street and number; a post box does not suffice."),
    "Imprint.city": phrase("Postcode and town, such as 45128 Essen."),
    "Imprint.email": phrase("The mail address for readers."),
    "Imprint.phone": phrase("The telephone number with country and area code."),
    "Imprint.web": phrase("The organisation's website."),
    "Imprint.represented_by": phrase("Who may sign for the organisation, with office."),
    "Imprint.register": phrase("Court and number of the register entry, where there is one."),
    "Imprint.vat_id": phrase("The VAT id, where there is one."),
    "Imprint.responsible": phrase("Who answers for the content, with name and address (§ 18(2) MStV)."),
    "Theme": phrase("How the newsletter looks."),
    "Theme.name": phrase(
        "The set of templates: ruhr (calm, official) or magazin (large pictures, bold headlines). Files in templates/ "
        "replace single ones."
    ),
    "Theme.logo": phrase("The logo's file, relative to this folder: PNG or JPEG, about 600 pixels wide."),
    "Theme.colors": phrase("The palette. Too little contrast between text and ground is refused."),
    "Theme.fonts": phrase("The typefaces. Without this key, those of the theme."),
    "Theme.radius": phrase("How far corners are rounded, in pixels from 0 to 30. Without this key, as the theme does."),
    "Fonts": phrase("The typefaces, as lists of fonts that mail programs have: nothing is fetched."),
    "Fonts.heading": phrase("The fonts of headlines, the first choice first, such as Georgia, Times New Roman, serif."),
    "Fonts.text": phrase("The fonts of running text, the first choice first, such as Helvetica, Arial, sans-serif."),
    "Colors": phrase("The palette, each colour in quotation marks."),
    "Colors.primary": phrase('The colour of head, links and buttons, such as "#0b5563".'),
    "Colors.accent": phrase('The colour of kickers and dates, such as "#b4530a".'),
    "Colors.text": phrase('The colour of running text, such as "#17252a".'),
    "Colors.background": phrase('The ground around the content, such as "#f2f5f4".'),
    "Colors.muted": phrase('The colour of captions and small print, such as "#5b6b6f".'),
    "Delivery": phrase("How the mail leaves."),
    "Delivery.relays": phrase(
        "The servers that take your mail. Without one, mail goes to the folder maildir/ to look at."
    ),
    "Delivery.retry": phrase("When deferred mail is tried again."),
    "Delivery.timeout": phrase("How long a relay may take to answer."),
    "Delivery.return_path": phrase(
        "`verp`: an address for each recipient, so that returned mail tells who it was. `plain`: the sender's address, "
        "for relays that refuse others."
    ),
    "Delivery.return_domain": phrase("The domain that returned mail goes to. Without it, the sender's."),
    "Delivery.at_most_late": phrase(
        "How late a mailing scheduled with `send --at` may begin without anybody being asked again. Without it, 1h."
    ),
    "Delivery.quiet_hours": phrase("When nothing is sent, in the sending machine's local time. Without it, never."),
    "QuietHours": phrase("When nothing is sent, in the sending machine's local time."),
    "QuietHours.from": phrase('When the quiet begins each day, such as "20:00".'),
    "QuietHours.to": phrase('When it ends, such as "07:00"; earlier than `from`: on the next day.'),
    "QuietHours.weekends": phrase("Whether all of Saturday and Sunday is quiet."),
    "Delivery.domains": phrase(
        'Limits for receiving domains, over all relays: the domain, or "*" for every other by itself.'
    ),
    "Delivery.refusals": phrase("When to stop a run of which too many are refused. Without this key, never for that."),
    "Delivery.smtputf8": phrase(
        "true: the list may hold addresses with letters such as ä before the @; only relays with SMTPUTF8 take them."
    ),
    "Delivery.slots": phrase(
        "Into how many parts limits are divided where several workers send: so many can work at once; from 1 to 64."
    ),
    "Delivery.test": phrase("Addresses for test mails that the preview may send to."),
    "DomainSettings": phrase("How much mail one receiving domain gets."),
    "DomainSettings.connections": phrase("How many connections at once, over all relays. Without it, no limit."),
    "DomainSettings.rate": phrase(
        "How many messages at most, over all relays: 10/s, or several as [10/s, 5000/d]. Without it, no limit."
    ),
    "RefusalSettings": phrase("When to stop a run of which too many are refused."),
    "RefusalSettings.share": phrase(
        "The run stops when more than this share of those it tried was refused for good, such as 5%."
    ),
    "RefusalSettings.after": phrase("How many recipients must have been tried before that counts. Without it, 100."),
    "RelaySettings": phrase("A server that takes your mail."),
    "RelaySettings.url": phrase("Its address without a password, such as smtp+starttls://relay.example:587."),
    "RelaySettings.name": phrase(
        "A name of your choice; the login comes from RUHRMAIL_RELAY_NAME_USER and …_PASSWORD or …_TOKEN."
    ),
    "RelaySettings.connections": phrase("How many connections at once. Without it, 5."),
    "RelaySettings.rate": phrase(
        "How many messages at most: 50/s, 1000/m, 20000/h, or several as [50/s, 100000/d]. Without it, no limit."
    ),
    "RelaySettings.weight": phrase(
        "Its share of the mail beside other relays, 1 to 1000: for all or for none. Without it, as much as it takes."
    ),
    "RelaySettings.messages_per_connection": phrase(
        "After how many messages a connection is renewed, 1 to 100000. Without it, 500."
    ),
    "Retry": phrase("When deferred mail is tried again."),
    "Retry.gaps": phrase("The waits between attempts; the last one repeats. Without it, [1m, 5m, 15m, 1h, 4h]."),
    "Retry.for": phrase("When to give up. Without it, 24h."),
    "Timeout": phrase("How long a relay may take to answer."),
    "Timeout.connect": phrase("For the connection. Without it, 30s."),
    "Timeout.command": phrase("For each command. Without it, 5m."),
    "Timeout.dot": phrase("For accepting a whole message. Without it, 10m."),
    "Settings.check": phrase("What `check` finds, and how badly it takes it."),
    "CheckSettings": phrase("What `check` finds, and how badly it takes it."),
    "CheckSettings.rules": phrase("The severity of single rules by their id: off, info, warning or error."),
    "CheckSettings.size": phrase("How large the mail's HTML may grow."),
    "CheckSettings.subject": phrase("How long a subject should be. Without it, 5 to 70."),
    "CheckSettings.preheader": phrase("How long a preheader should be. Without it, 15 to 140."),
    "CheckSettings.picture": phrase("How large a fitted picture may be. Without it, 400KB."),
    "CheckSettings.hosts": phrase("Foreign hosts from which mails and pages may fetch something."),
    "CheckSettings.clients": phrase(
        "What readers read with and how many percent of them, such as {gmx: 15, outlook/windows: 30}, or a list."
    ),
    "CheckSettings.support": phrase(
        "From how many percent of readers on a feature that they do not see draws a warning. Without it, 5%."
    ),
    "CheckSettings.spam": phrase("From which score of SpamAssassin on `check --spam` complains."),
    "SpamScore": phrase("From which score of SpamAssassin on `check --spam` complains."),
    "SpamScore.warn": phrase("From this score on there is a warning. Without it, 2."),
    "SpamScore.error": phrase("From this score on it is an error. Without it, 5."),
    "CheckSettings.online": phrase("Whom `check --online` asks, and how long."),
    "OnlineSettings": phrase("Whom `check --online` asks, and how long."),
    "OnlineSettings.timeout": phrase("How long one request may take. Without it, 10s."),
    "OnlineSettings.total": phrase("How long all requests together may take. Without it, 3m."),
    "OnlineSettings.skip": phrase("Hosts that are never asked, with all below them."),
    "OnlineSettings.allow": phrase("Hosts that may be asked although they are in a private network."),
    "OnlineSettings.resolver": phrase("The name server to ask, such as 192.0.2.53. Without it, the machine's."),
    "CheckSettings.browser": phrase("What the browser forgives."),
    "BrowserSettings": phrase("What the browser forgives."),
    "BrowserSettings.tolerance": phrase("How many percent of the pixels of a strip may differ from the baseline."),
    "HtmlSize": phrase("How large the mail's HTML may grow."),
    "HtmlSize.warn": phrase("From this size on there is a warning. Without it, 80KB."),
    "HtmlSize.error": phrase("From this size on it is an error: Gmail cuts off here. Without it, 102KB."),
    "TextLength": phrase("How many characters a line should have."),
    "TextLength.least": phrase("At least."),
    "TextLength.most": phrase("At most."),
}

MEANINGS: Mapping[str, Phrase] = {**ISSUE, **CONFIG}

TITLES: Mapping[str, Phrase] = {
    "Editorial": phrase("Editorial"),
    "Article": phrase("Article"),
    "Events": phrase("Events"),
    "Event": phrase("Event"),
    "EventDate": phrase("Date"),
    "Heading": phrase("Heading"),
    "Text": phrase("Text"),
    "Image": phrase("Image"),
    "Gallery": phrase("Gallery"),
    "Quote": phrase("Quotation"),
    "Button": phrase("Button"),
    "Contents": phrase("Table of contents"),
    "Related": phrase("Cards"),
    "Card": phrase("Card"),
    "Figures": phrase("Key numbers"),
    "Figure": phrase("Key number"),
    "Logos": phrase("Logos"),
    "Logo": phrase("Logo"),
    "Divider": phrase("Rule"),
    "Picture": phrase("Picture"),
    "Link": phrase("Link"),
}
"""What blocks and their parts are called; editors offer whole blocks under these names."""
