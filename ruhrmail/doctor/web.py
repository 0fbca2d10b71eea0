"""The service behind the links of every mail: ours, encrypted, and a way out by RFC 8058."""

import json
from collections.abc import Iterator, Mapping

from ruhrmail.config.relays import is_loopback
from ruhrmail.doctor.case import Case, host_part, judged
from ruhrmail.doctor.relays import judge_end
from ruhrmail.model.diagnosis import Diagnosis, WebAnswer
from ruhrmail.model.phrase import Phrase, phrase

FINE, NOT_FOUND = 200, 404
MOST_SHOWN = 120
SILENCE: Mapping[str, Phrase] = {
    "no-name": phrase("there is no host of that name"),
    "names": phrase("the name servers give no answer"),
    "refused": phrase("nobody answers there"),
    "timeout": phrase("no answer in time"),
    "broken": phrase("the answer is broken"),
    "certificate": phrase("its certificate is not trusted"),
}
FORMS = (
    ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click"),
    (
        "multipart/form-data; boundary=doctor",
        b'--doctor\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--doctor--\r\n',
    ),
)
"""Both forms that mail clients may send (RFC 8058 section 3.2)."""
RUN = phrase("start `ruhrmail serve` there with this store and these secrets; see its operator's guide")
PUBLIC = phrase("write the address into `newsletter.url` at which readers reach the service, with https://")


def examine_address(case: Case) -> Iterator[Diagnosis]:
    """The address in every mail is one that readers can reach, encrypted."""
    name, url = "doctor/web-address", case.config.url
    hint = phrase("write `newsletter.url` with https://")
    if is_loopback(host_part(url)):
        yield Diagnosis(name, "warning", url, phrase("readers elsewhere cannot reach {url}", url=url), PUBLIC)
    elif not url.startswith("https://"):
        message = phrase("readers cannot leave with one click: List-Unsubscribe has no https address")
        yield Diagnosis(name, "error", url, message, hint)
    else:
        yield Diagnosis(name, "ok", url, phrase("the address is an encrypted one"))


def examine_service(case: Case) -> Iterator[Diagnosis]:
    """The service answers, and has our store and key: otherwise every link in the mail is dead."""
    name, url, answer = "doctor/web-service", case.config.url, case.health()
    if answer.silence is not None:
        yield silent(case, answer)
        return
    if answer.until is not None:
        yield judge_end("doctor/web-certificate", host_part(url), answer.until, case.now())
    fault = service_fault(case, answer)
    if fault is None:
        yield Diagnosis(name, "ok", url, phrase("the service at {url} has our store and our key", url=url))
    else:
        yield Diagnosis(name, "error", url, fault, RUN)


def silent(case: Case, answer: WebAnswer) -> Diagnosis:
    """There is no answer: an error where mail leaves this machine, for then its links lead nowhere."""
    url, name = case.config.url, "doctor/web-service"
    message = phrase("no service at {url}: {reason}", url=url, reason=SILENCE[answer.silence or "broken"])
    if answer.silence == "certificate":
        reason = phrase("the certificate of {url} is not trusted: {reason}", url=url, reason=answer.detail)
        return Diagnosis("doctor/web-certificate", "error", host_part(url), reason, phrase("renew it for that name"))
    if answer.silence == "names":
        return Diagnosis(name, "unknown", url, message, RUN)
    return Diagnosis(name, "error" if case.sends else "warning", url, message, RUN)


def service_fault(case: Case, answer: WebAnswer) -> Phrase | None:
    """Why the service is not ours, or not well; None where it is both."""
    url = case.config.url
    told = about_service(answer)
    if told is None:
        return phrase("{url}/healthz is no ruhrmail (it answers {status})", url=url, status=answer.status)
    if answer.status != FINE:
        return phrase(
            "the service at {url} is not well: {status}", url=url, status=str(told.get("status"))[:MOST_SHOWN]
        )
    if told["store"] != case.store_id:
        return phrase("the service at {url} has another store: who leaves there is mailed from here", url=url)
    keys = told.get("keys")
    if not case.key_ids or not isinstance(keys, list) or case.key_ids[0] not in keys:
        return phrase("the service at {url} does not know the key that signs links here", url=url)
    return None


def about_service(answer: WebAnswer) -> dict[str, object] | None:
    """What the service says of itself; None where it is not ruhrmail."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) and "store" in told else None


def examine_way_out(case: Case) -> Iterator[Diagnosis]:
    """The service takes the POST of mail clients as RFC 8058 wants; asked with a token that nobody has."""
    name, url = "doctor/web-unsubscribe", case.config.url
    if about_service(case.health()) is None:
        yield Diagnosis(name, "unknown", url, phrase("without a service nobody can try how readers leave"))
        return
    faults = []
    for media_type, body in FORMS:
        answer = case.visit("POST", f"{url}/u/{case.nobody}", media_type, body)
        faults.append(way_out_fault(answer))
    fault = next((one for one in faults if one is not None), None)
    if fault is None:
        yield Diagnosis(
            name, "ok", url, phrase("the way out takes both forms of RFC 8058, without cookie and redirect")
        )
    else:
        yield Diagnosis(name, "error", url, fault, phrase("let POST requests to {url}/u/ pass unchanged: no login, no "
                        "redirect, no cookie, no check of where they come from", url=url))  # fmt: skip


def way_out_fault(answer: WebAnswer) -> Phrase | None:
    """What keeps mail clients from leaving (RFC 8058 section 3.1); a token that nobody has is not found."""
    if answer.silence is not None:
        return phrase("the way out does not answer: {reason}", reason=SILENCE[answer.silence])
    if answer.header("location"):
        place = answer.header("location")[:MOST_SHOWN]
        return phrase("the way out redirects to {place}: mail clients do not follow", place=place)
    if answer.header("set-cookie"):
        return phrase("the way out sets a cookie")
    if answer.status != NOT_FOUND:
        return phrase("the way out answers {status} to a token that nobody has, not 404", status=answer.status)
    return None


def examine_strictness(case: Case) -> Iterator[Diagnosis]:
    """Browsers that have been here once come encrypted for good (RFC 6797)."""
    name, url, answer = "doctor/web-hsts", case.config.url, case.health()
    if not url.startswith("https://"):
        return
    if answer.silence is not None:
        yield Diagnosis(name, "unknown", url, phrase("without a service its headers cannot be seen"))
        return
    sworn = "max-age=" in answer.header("strict-transport-security").lower()
    message = (
        phrase("browsers stay with https (HSTS)")
        if sworn
        else phrase("browsers may fall back to http: there is no Strict-Transport-Security")
    )
    hint = phrase("let the proxy pass `X-Forwarded-Proto: https` from loopback; `serve` does the rest")
    yield Diagnosis(name, judged(sworn, "warning"), url, message, None if sworn else hint)
