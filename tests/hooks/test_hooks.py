"""Web hooks: what is proven the service's says who and what, anything else is refused."""

import json
from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from ruhrmail.bounce.classes import classify
from ruhrmail.hooks import HookRefused, HookRequest, make_hooks
from ruhrmail.model.bounce import Kind
from tests.hooks import senders
from tests.hooks.senders import (
    CERTIFICATE,
    MAILGUN_KEY,
    NOW,
    POSTMARK_LOGIN,
    SENDGRID_KEY,
    STAMP,
    SUBSCRIBE,
    TOPIC,
    mailgun_body,
    mailgun_failure,
    postmark_bounce,
    postmark_login,
    request,
    sendgrid_event,
    sendgrid_headers,
    ses_bounce,
    ses_complaint,
    sns,
)

ADA, OURS = "ada@halde.example", "<0123@kurzbrief.example>"


class Amazon:
    """Answers as Amazon's server does, and writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        return senders.certificate() if url == CERTIFICATE else b"<ok/>"


@pytest.fixture
def amazon() -> Amazon:
    return Amazon()


@pytest.fixture
def hooks(amazon):
    proofs = {
        "mailgun": MAILGUN_KEY,
        "postmark": POSTMARK_LOGIN,
        "sendgrid": SENDGRID_KEY,
        "ses": f"{TOPIC}, {TOPIC}-2",
    }
    return make_hooks(proofs, classify, amazon.fetch)


def refused(hook, asked: HookRequest) -> int:
    with pytest.raises(HookRefused) as caught:
        hook(asked)
    return caught.value.status


def mailgun(hooks, **fields):
    (event,) = hooks["mailgun"](request(mailgun_body(mailgun_failure(ADA, OURS, **fields))))
    return event


def test_only_services_with_a_key_are_listened_to(amazon):
    assert {"postmark"} == make_hooks({"postmark": POSTMARK_LOGIN}, classify, amazon.fetch).keys()
    assert {} == make_hooks({"sendgrid": "MAo="}, classify, amazon.fetch)


def test_mailgun_tells_recipient_and_our_message_id(hooks):
    event = mailgun(hooks)
    assert (ADA, OURS, Kind.HARD) == (event.address, event.message_id, event.kind)
    assert f"{STAMP}.5/G9Bn5sl1TC6nu79C8C0bwg" == event.id
    assert "550 5.1.1 The email account does not exist" == event.text


STATUS = "delivery-status"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"severity": "temporary"}, Kind.DELAYED),
        ({"reason": "suppress-bounce", STATUS: {"code": 605}}, Kind.HARD),
        ({"reason": "suppress-complaint"}, Kind.COMPLAINT),
        ({"reason": "old", STATUS: {}}, Kind.SOFT),
        ({STATUS: {"code": 552, "message": "5.2.2 mailbox full"}}, Kind.SOFT),
        ({STATUS: {"code": 550, "message": "5.7.1 blocked using a list"}}, Kind.POLICY),
        ({STATUS: "nothing"}, Kind.HARD),
        ({"event": "complained"}, Kind.COMPLAINT),
        ({"event": "unsubscribed"}, Kind.UNSUBSCRIBE),
    ],
)
def test_mailgun_events_mean_what_the_server_said(hooks, fields, expected):
    assert expected is mailgun(hooks, **fields).kind


def test_other_events_of_mailgun_are_nothing_to_us(hooks):
    assert () == hooks["mailgun"](request(mailgun_body({"event": "delivered", "recipient": ADA})))


@pytest.mark.parametrize(
    "body",
    [
        mailgun_body(mailgun_failure(ADA), key="ein-anderer-schluessel"),
        mailgun_body(mailgun_failure(ADA), stamp=STAMP - 13 * 3600),
        mailgun_body(mailgun_failure(ADA), stamp=STAMP + 13 * 3600),
        mailgun_body(mailgun_failure(ADA)).replace(b"ttt", b"ttu", 1),
        json.dumps({"event-data": mailgun_failure(ADA)}).encode(),
        json.dumps({"signature": {"timestamp": "", "token": "", "signature": ""}}).encode(),
        b"[]", b"null", b'"x"',
    ],
)  # fmt: skip
def test_what_mailgun_did_not_sign_lately_is_refused(hooks, body):
    assert 403 == refused(hooks["mailgun"], request(body))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"\0"])
def test_what_is_no_json_cannot_be_understood(hooks, body):
    assert 400 == refused(hooks["mailgun"], request(body))
    assert 400 == refused(hooks["postmark"], request(body, authorization=postmark_login()))
    assert 400 == refused(hooks["sendgrid"], request(body, **sendgrid_headers(body)))
    assert 400 == refused(hooks["ses"], request(body))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Kind.HARD),
        ({"Details": "smtp;550 5.7.1 Message rejected as spam"}, Kind.POLICY),
        ({"Type": "Transient"}, Kind.SOFT),
        ({"Type": "Blocked"}, Kind.POLICY),
        ({"Type": "AutoResponder"}, Kind.AUTOMATIC),
        ({"Type": "Unsubscribe"}, Kind.UNSUBSCRIBE),
        ({"RecordType": "SpamComplaint"}, Kind.COMPLAINT),
        ({"RecordType": "SubscriptionChange", "SuppressSending": True, "Origin": "Recipient",
          "SuppressionReason": "ManualSuppression"}, Kind.UNSUBSCRIBE),
    ],
)  # fmt: skip
def test_postmark_events_mean_what_their_type_says(hooks, fields, expected):
    (event,) = hooks["postmark"](request(postmark_bounce(ADA, **fields), authorization=postmark_login()))
    assert (ADA, expected) == (event.address, event.kind)
    assert datetime(2026, 11, 6, 8, 0, 0, 123456, NOW.tzinfo) == event.at


@pytest.mark.parametrize(
    "fields", [{"RecordType": "Delivery"}, {"Type": "Subscribe"}, {"RecordType": "SubscriptionChange"}]
)
def test_other_events_of_postmark_are_nothing_to_us(hooks, fields):
    assert () == hooks["postmark"](request(postmark_bounce(ADA, **fields), authorization=postmark_login()))


@pytest.mark.parametrize(
    "login", ["", "Basic", "Basic !", "Bearer x", postmark_login("postmark:falsch"), postmark_login("ä:ö")]
)
def test_without_the_login_postmark_is_not_believed(hooks, login):
    assert 403 == refused(hooks["postmark"], request(postmark_bounce(ADA), authorization=login))
    assert 403 == refused(hooks["postmark"], request(postmark_bounce(ADA)))


def sendgrid(hooks, *events):
    body = json.dumps(list(events)).encode()
    return hooks["sendgrid"](request(body, **sendgrid_headers(body)))


def test_sendgrid_tells_several_events_at_once(hooks):
    found = sendgrid(hooks, sendgrid_event(ADA, OURS), sendgrid_event("b@c.example", event="open"), "junk",
                     sendgrid_event("b@c.example", event="spamreport", sg_event_id="2"))  # fmt: skip
    assert [(ADA, OURS, Kind.HARD), ("b@c.example", "", Kind.COMPLAINT)] == [
        (one.address, one.message_id, one.kind) for one in found
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": "blocked"}, Kind.POLICY),
        ({"type": "blocked", "status": "4.2.2", "reason": "452 4.2.2 mailbox full"}, Kind.SOFT),
        ({"status": "5.0.0", "reason": "550 5.1.1 does not exist"}, Kind.HARD),
        ({"status": "5.7.1", "reason": "550 5.7.1 blocked"}, Kind.POLICY),
        ({"event": "dropped", "reason": "Bounced Address"}, Kind.HARD),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, Kind.UNSUBSCRIBE),
        ({"event": "deferred"}, Kind.DELAYED),
        ({"event": "group_unsubscribe"}, Kind.UNSUBSCRIBE),
    ],
)
def test_sendgrid_events_mean_what_the_server_said(hooks, fields, expected):
    (event,) = sendgrid(hooks, sendgrid_event(ADA, **fields))
    assert expected is event.kind


def test_what_sendgrid_did_not_sign_lately_is_refused(hooks):
    body = json.dumps([sendgrid_event(ADA)]).encode()
    signed = sendgrid_headers(body)
    wrong = [
        (body + b" ", signed),
        (body, sendgrid_headers(body, STAMP - 27 * 3600)),
        (body, {**signed, "x-twilio-email-event-webhook-timestamp": str(STAMP + 1)}),
        (body, sendgrid_headers(body, key=ec.generate_private_key(ec.SECP256R1()))),
        (body, {**signed, "x-twilio-email-event-webhook-signature": "!"}),
        (body, {}),
    ]
    assert [403] * 6 == [refused(hooks["sendgrid"], request(content, **headers)) for content, headers in wrong]


def ses(hooks, note: dict[str, str]):
    return hooks["ses"](request(json.dumps(note).encode()))


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("subject", [{}, {"Subject": "Amazon SES Email Event Notification"}])
def test_ses_tells_our_return_address(hooks, amazon, version, subject):
    (event,) = ses(hooks, sns(ses_bounce("u+token@kurzbrief.example", ADA), version, **subject))
    assert ("u+token@kurzbrief.example", ADA, Kind.HARD) == (event.return_address, event.address, event.kind)
    assert [CERTIFICATE] == amazon.asked


@pytest.mark.parametrize(
    ("bounce", "expected"),
    [
        ({"bounceType": "Transient"}, Kind.SOFT),
        ({"bounceType": "Undetermined"}, Kind.SOFT),
        ({"bounceSubType": "OnAccountSuppressionList"}, Kind.HARD),
        ({"bouncedRecipients": [{"emailAddress": ADA}]}, Kind.HARD),
        ({"bouncedRecipients": [{"emailAddress": ADA, "status": "5.7.1", "diagnosticCode": "550 spam"}]}, Kind.POLICY),
    ],
)
def test_ses_bounces_mean_what_the_server_said(hooks, bounce, expected):
    (event,) = ses(hooks, sns(ses_bounce("u+t@k.example", ADA, **bounce)))
    assert expected is event.kind


def test_ses_names_each_recipient_of_a_bounce_by_itself(hooks):
    both = [{"emailAddress": ADA, "status": "5.1.1"}, {"emailAddress": "b@c.example", "status": "4.2.2"}, "junk"]
    found = ses(hooks, sns(ses_bounce("u+t@k.example", ADA, bouncedRecipients=both)))
    assert [(ADA, Kind.HARD), ("b@c.example", Kind.SOFT)] == [(one.address, one.kind) for one in found]
    assert 2 == len({one.id for one in found})


@pytest.mark.parametrize(
    ("type_", "expected"), [("abuse", Kind.COMPLAINT), ("not-spam", Kind.FEEDBACK), (None, Kind.COMPLAINT)]
)
def test_only_abuse_is_a_complaint(hooks, type_, expected):
    (event,) = ses(hooks, sns(ses_complaint("u+t@k.example", ADA, complaintFeedbackType=type_)))
    assert expected is event.kind


def test_the_certificate_is_fetched_once(hooks, amazon):
    for _ in range(3):
        ses(hooks, sns(ses_bounce("u+t@k.example", ADA)))
    assert [CERTIFICATE] == amazon.asked


@pytest.mark.parametrize(
    "fields",
    [
        {"SigningCertURL": "https://sns.eu-central-1.amazonaws.com.evil.example/SimpleNotificationService-00.pem"},
        {"SigningCertURL": "https://evil.example/SimpleNotificationService-00.pem"},
        {"SigningCertURL": CERTIFICATE.replace("https", "http")},
        {"SigningCertURL": CERTIFICATE.replace("eu-central-1", "us-east-1")},
        {"SigningCertURL": CERTIFICATE.replace("amazonaws.com/", "amazonaws.com:444/")},
        {"SigningCertURL": CERTIFICATE.replace("https://", "https://evil@")},
        {"SigningCertURL": "https://sns.eu-central-1.amazonaws.com/?Action=x"},
        {"SigningCertURL": "https://[sns"},
        {"TopicArn": TOPIC + "-3"},
        {"TopicArn": ""},
        {"SignatureVersion": "3"},
    ],
)
def test_what_is_not_amazons_or_not_our_topic_is_refused_unasked(hooks, amazon, fields):
    assert 403 == refused(
        hooks["ses"], request(json.dumps({**sns(ses_bounce("u+t@k.example", ADA)), **fields}).encode())
    )
    assert [] == amazon.asked


def test_what_amazon_did_not_sign_is_refused(hooks):
    note = sns(ses_bounce("u+t@k.example", ADA))
    other = rsa.generate_private_key(65537, 2048)
    wrong = [
        {**note, "Message": ses_bounce("u+t@k.example", "b@c.example")},
        {**note, "Subject": "x"},
        {**note, "Signature": "!"},
        {**note, "SignatureVersion": "1"},
        sns(ses_bounce("u+t@k.example", ADA), key=other),
    ]
    assert [403] * 5 == [refused(hooks["ses"], request(json.dumps(one).encode())) for one in wrong]


def confirmation(**fields: str) -> dict[str, str]:
    return sns(
        "You have chosen to subscribe",
        Type="SubscriptionConfirmation",
        **{"SubscribeURL": SUBSCRIBE, "Token": "abc"} | fields,
    )


def test_a_subscription_to_our_topic_is_confirmed(hooks, amazon):
    assert () == ses(hooks, confirmation())
    assert [CERTIFICATE, SUBSCRIBE] == amazon.asked


@pytest.mark.parametrize("url", ["https://evil.example/", "http://sns.eu-central-1.amazonaws.com/", ""])
def test_no_other_address_is_visited_to_confirm(hooks, amazon, url):
    assert 403 == refused(hooks["ses"], request(json.dumps(confirmation(SubscribeURL=url)).encode()))
    assert url not in amazon.asked


def test_the_end_of_a_subscription_and_other_notes_are_nothing_to_us(hooks):
    assert () == ses(
        hooks, confirmation() | sns("x", Type="UnsubscribeConfirmation", SubscribeURL=SUBSCRIBE, Token="a")
    )
    assert () == ses(hooks, sns("Successfully validated SNS topic for Amazon SES event publishing."))
    assert () == ses(hooks, sns(json.dumps({"eventType": "Open", "mail": {}})))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["event", "severity", "delivery-status", "message", "recipient", "timestamp", "id", "Type",
                         "RecordType", "Details", "BouncedAt", "status", "reason", "bounce", "mail", "complaint",
                         "notificationType", "bouncedRecipients", "headers", "email", "ID"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(NAMES, ANYTHING | st.sampled_from(["failed", "bounce", "Bounce", "Complaint", "permanent"])))
def test_whatever_a_service_signs_is_understood_or_passed_over(event):
    proofs = {"mailgun": MAILGUN_KEY, "postmark": POSTMARK_LOGIN, "sendgrid": SENDGRID_KEY, "ses": TOPIC}
    made = make_hooks(proofs, classify, Amazon().fetch)
    body = json.dumps(event).encode()
    batch = json.dumps([event]).encode()
    for found in (
        made["mailgun"](request(mailgun_body(event))),
        made["postmark"](request(body, authorization=postmark_login())),
        made["sendgrid"](request(batch, **sendgrid_headers(batch))),
        made["ses"](request(json.dumps(sns(json.dumps(event))).encode())),
    ):
        assert all(one.id.encode() and "\0" not in one.text for one in found if one.id)
