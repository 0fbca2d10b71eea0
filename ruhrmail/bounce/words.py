"""The words of mail servers, English, German and of the large providers, by what they mean.

Regular expressions against small letters on one line, without addresses, links and names of hosts.
"""

FULL = (
    r"quota",
    r"(mail)?box (is )?(currently )?full",
    r"(mailbox|account) (has )?exceeded",
    r"full mailbox",
    r"exceed\w* (the )?(storage|disk|mailbox)",
    r"over ?limit",
    r"storage (limit|space|alloc)",
    r"insufficient (disk|storage|system|space)",
    r"no (disk )?space",
    r"disk full",
    r"over (its |the )?disk",
    r"maximum (storage|disk)",
    r"not enough (storage|space|disk)",
    r"too many messages (in|on)",
    r"rate that prevents",
    r"too quickly",
    r"postfach\w* (\S+ ){0,4}(über)?voll",
    r"überfüllt",
    r"speicherplatz",
    r"speicher (ist )?voll",
    r"kontingent",
    r"boîte pleine",
    r"casella piena",
)
SIZE = (
    r"(too|zu) (large|big|gro(ß|ss))",
    r"size (limit|exceed)",
    r"exceed\w* (the )?(\w+ ){0,3}(size|length)",
    r"message (file )?size",
    r"larger than",
    r"maximum (message )?size",
    r"größenbeschränkung",
)
LOOP = (
    r"\bloop",
    r"too many hops",
    r"hop count",
    r"too many received",
    r"mail ?schleife",
)
POLICY = (
    r"\bspam",
    r"\bjunk",
    r"unsolicited",
    r"\bbulk",
    r"(black|block|deny) ?-?list",
    r"\bblock(ed|ing)\b",
    r"\bbanned",
    r"\brbl\b|dnsbl|\bsorbs\b|barracuda",
    r"reputation",
    r"unexpected volume|user complaints",
    r"relay(ing)? (\w+ ){0,2}(denied|prohibited|not|forbidden)",
    r"(unable to|not) relay",
    r"relay access",
    r"authenticat",
    r"authori[sz]",
    r"dmarc|\bspf\b|\bdkim\b|sender id",
    r"polic(y|ies)",
    r"prohibit",
    r"\b(virus(es)?|malware|phish\w*)\b",
    r"\bfilter",
    r"content (reject|denied|refused)",
    r"sender (\w+ ){0,2}(rejected|denied|refused|verif|not allowed)",
    r"(reverse|rdns|ptr) (dns|record|lookup)",
    r"\bhelo\b",
    r"refus\w+ (mail|message|connection)s? from",
    r"not accepting mail from",
    r"denied by|access denied",
    r"not permitted",
    r"restricted",
    r"(only|must) (accept|be)\w* (\w+ ){0,3}(internal|members)",
    r"richtlinie",
    r"gesperrt",
    r"nicht (erlaubt|zugelassen|autorisiert|berechtigt)",
    r"zugriff verweigert",
    r"unerwünscht",
)
LATE = (
    r"temporar",
    r"try (again )?later|try again|please retry",
    r"gr[ea]ylist",
    r"timed? ?out|time-?out",
    r"(delivery|retry) time",
    r"(message|delivery) (has )?expired",
    r"too long",
    r"delivery attempts",
    r"connection (refused|reset|lost|dropped|closed)",
    r"lost connection",
    r"(host|network|computer) (is |was )?(unreachable|not (reachable|responding))",
    r"no route to host",
    r"not responding",
    r"(could not|cannot|unable to|wasn't able to) (connect|establish)",
    r"deferred",
    r"servfail|name server (failure|loop)",
    r"vorübergehend",
    r"später",
    r"zeitüberschreitung",
    r"nicht erreichbar",
)
CERTAIN = (
    r"(user|recipient|mailbox|account|address|addressee) (is )?unknown",
    r"unknown (local )?(user|recipient|mailbox)",
    r"no such (user|recipient|mailbox|account|address|person)",
    r"(user|recipient|mailbox|account|address) (does not|doesn't) exist",
    r"(empf(ä|ae)nger|benutzer|adresse|postfach) (ist )?(unbekannt|existiert nicht)",
)
"""There is nobody, whatever else is said about how long it took."""
WHO = r"(users?|recipients?|addressee|mailbox(es)?|accounts?|address(es)?|e-?mail|login|recipient name)"
GONE = (
    r"(not (be )?(found|exist|known|valid|recogni[sz]ed|available|active|listed|local|located)|unknown"
    r"|invalid|disabled|inactive|deactivated|suspended|closed|terminated|non-?exist|unavailable|no longer|deleted"
    r"|removed|discontinued|abandoned|unrouteable|inexist)"
)
NOBODY = (
    r"unknown (local )?(user|recipient|mailbox|address|account|host|domain|mail)",
    r"no such (\w+ ){0,3}\w+",
    rf"\b{WHO}\b[^.;\n]{{0,60}}?(n't exist|\b{GONE})",
    r"not (a )?(valid|known|existing) (\w+ )?(user|recipient|mailbox|address|account)",
    r"not our (customer|user)",
    r"(invalid|bad|non-?existent|inactive|disabled|undeliverable) (final )?(destination |delivery )?"
    r"(user|recipient|mailbox|address|account|domain|e-?mail)",
    r"no (mailbox|account|user|recipient|person|one|body) (here|by|with|at|of|found|named)",
    r"no mailbox",
    r"unrouteable|non-?existent (host|domain)",
    r"host (or domain name )?(not found|unknown)",
    r"(name|domain|host) (\S+ )?(does not|doesn't) exist",
    r"name or service not known",
    r"nxdomain|nonexistentdomain",
    r"no (mail|mx) (hosts?|servers?|records?|exchanger)",
    r"(couldn't|could not|cannot|can't|unable to) (find|resolve|look ?up|route) [^.;]{0,30}"
    r"(host|domain|mx|name|user|address)",
    r"did not (exactly )?match",
    r"null ?mx",
    r"(does not|doesn't) accept (any )?(e?-?mail|messages)",
    r"domain (\S+ )?(not found|unknown|has no|is not)",
    r"(was|were|wasn't|weren't) (not )?found",
    r"recip(ient)?notfound",
    r"(doesn't|does not|didn't|not) (have|list|exist)",
    r"no longer (available|valid|active|exist|accept|in|on|at|here|with|work)",
    r"not (listed|found) in",
    r"(user|account|mailbox) (has )?(moved|left)|has moved",
    r"not known",
    r"unbekannt",
    r"existier(t|en) (\w+ ){0,4}nicht",
    r"nicht gefunden",
    r"gibt es nicht",
    r"kein(en?)? (solche\w*|gültige\w*|postfach)",
    r"nicht (mehr )?(bekannt|vorhanden|gültig|existent|existiert|aktiv)",
    r"ungültige\w* (empf|adress|e-?mail|postf|ziel)",
    r"deaktiviert|stillgelegt|gelöscht|abgemeldet",
    r"inconnu|n'existe pas|introuvable",
    r"sconosciut|non esiste",
    r"desconocid|no existe",
)
MICROSOFT_UNKNOWN = r"recipient address rejected: access denied"
"""What Exchange Online says of an address that is not in its directory."""
NOISE = (
    r"https?://\S+",
    r"\b[245]\d\d[- ]+[245]\.\d{1,3}\.\d{1,3}\b",
    r"[^\s<>\"']+@[^\s<>\"']+",
    r"\b(host|server|mta|from|by|at|to|mx) [\w-]+(\.[\w-]+)*\.[a-z]{2,}\b(\[[^\]]*\])?",
)
"""Addresses, links, hosts, and codes that stand at the head of each line: `spamfilter.example` says nothing."""
