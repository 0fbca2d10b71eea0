"""What linked servers do to us, and what comes of it."""

import pytest

ENDLESS = {"silent": "halle.example", "drip": "www.halle.example", "wait-for-it": "mühle.example"}
IMPATIENT = f"check: {{online: {{timeout: 2s, allow: [letter.example, {', '.join(ENDLESS.values())}]}}}}\n"
NOTED = {
    "headers": "the answer is broken",
    "garbage": "the answer is broken",
    "close": "the answer is broken",
    "reset": "the answer is broken",
    "500": "the server answers 500",
    "401": "the server answers 401",
    "403": "the server answers 403",
    "405": "the server answers 405",
    "999": "the server answers 999",
    "304": "the server answers 304",
    "418": "the server answers 418",
    "cookie": "the server answers 302",
    "to/302/ftp:%2F%2Fhalle.example/x": "it redirects to something else than a page",
    "to/301/javascript:alert(1)": "it redirects to something else than a page",
    "to/302/http:%2F%2F[": "it redirects to something else than a page",
    "to/302/http:%2F%2Fhalle.example:99999/": "it redirects to something else than a page",
}
FINE = [
    "", "get-only/404", "get-only/405", "get-only/403", "get-only/500", "reset-once", "endless", "bomb", "deep/10",
    "to/302/%2Fok", "to/307/%2Fok", "to/303/%2Fok?a=b", "raw?a=b&c=d", "ü?q=ä ö".replace(" ", "%20"), "204", "ok#below",
]  # fmt: skip


def test_what_says_nothing_of_the_page_is_a_note_with_the_reason(street, tmp_path):
    found = street.told(tmp_path, *(f"WEB/{path}" for path in NOTED))
    told = [
        f"info link/untold nobody can say whether this link works ({why}): WEB/{path}" for path, why in NOTED.items()
    ]
    assert [street.put(one) for one in told] == found


def test_an_answer_without_an_end_is_not_waited_for(street, tmp_path):
    lines = "".join(
        f"  - {{type: button, label: Ziel {path}, url: 'http://{host}:PORT/{path}'}}\n"
        for path, host in ENDLESS.items()
    )
    found = street.check(tmp_path, {"config": IMPATIENT, "issue": f"content:\n{lines}"})
    assert [("info", "link/untold", True)] * 3 == [
        (one.severity, one.rule, "no answer in time" in str(one.message)) for one in found if one.rule == "link/untold"
    ]


def test_what_leads_to_a_page_is_fine(street, tmp_path):
    assert [] == street.told(tmp_path, *(f"WEB/{path}" for path in FINE))


def test_a_busy_server_gets_the_pause_it_asks_for(street, tmp_path):
    assert [] == street.told(tmp_path, "WEB/busy/1/1")
    first, second = (at for (_, _, path, _), at in zip(street.web.asked, street.web.times, strict=True) if path != "/")
    assert second - first >= 1


def test_a_long_pause_is_not_waited_for(street, tmp_path):
    assert ["info link/untold"] == [one[:16] for one in street.told(tmp_path, "WEB/busy/3600/9")]
    assert ["HEAD"] == street.web.visits("/busy/3600/9")


def test_a_host_that_asks_for_a_long_pause_gets_it_from_all_links(street, tmp_path):
    assert 9 == len(street.told(tmp_path, *(f"WEB/busy/3600/{number}" for number in range(1, 10))))
    assert 2 >= sum(path.startswith("/busy") for _, _, path, _ in street.web.asked)


def test_a_page_is_asked_for_once_however_often_it_is_linked(street, tmp_path):
    issue = 'content:\n  - {type: text, text: "[Halle](WEB/ok) und [Hof](WEB/ok#hof)"}\n' + "".join(
        f'  - {{type: button, label: Ziel {number}, url: "WEB/ok", only_for: [gruppe{number}]}}\n'
        for number in range(3)
    )
    case = {"issue": issue, "files": {"issues/two.yaml": f"date: 2026-11-07\nsubject: Noch eine Ausgabe\n{issue}"}}
    assert [] == street.check(tmp_path, case, ["one", "two"])
    assert ["HEAD"] == street.web.visits("/ok")


def test_a_host_is_never_asked_for_more_than_two_pages_at_once(street, tmp_path):
    assert [] == street.told(tmp_path, *(f"WEB/nap/{number}" for number in range(12)))
    assert (12, 2) == (sum(path.startswith("/nap") for _, _, path, _ in street.web.asked), street.web.busiest)


def test_no_more_than_sixteen_pages_are_asked_for_at_once(street, tmp_path):
    hosts = [f"nummer{number}.example" for number in range(24)]
    street.names.zone.update({host: ["A 127.0.0.1"] for host in hosts})
    config = f"check: {{online: {{allow: [letter.example, {', '.join(hosts)}]}}}}\n"
    links = "".join(f'  - {{type: button, label: Ziel {host}, url: "http://{host}:PORT/nap"}}\n' for host in hosts)
    assert [] == street.check(tmp_path, {"config": config, "issue": f"content:\n{links}"})
    assert (24, True) == (len(street.web.visits("/nap")), 2 < street.web.busiest <= 16)


def test_a_host_with_too_many_requests_is_left_alone(street, tmp_path):
    found = street.told(tmp_path, *(f"WEB/429/{number}" for number in range(20)))
    assert [20, 20] == [len(found), sum("the server answers 429" in one for one in found)]
    assert 8 >= sum(path.startswith("/429") for _, _, path, _ in street.web.asked)


def test_the_new_address_of_a_page_keeps_the_place_in_it(street, tmp_path):
    issue = 'content:\n  - {type: button, label: Ziel, url: "WEB/to/301/%2Fneu#termine"}\n'
    assert [street.put("write WEB/neu#termine")] == [str(one.hint) for one in street.check(tmp_path, {"issue": issue})]


def test_a_name_with_a_dot_at_its_end_is_the_same_host(street, tmp_path):
    assert [] == street.told(tmp_path, "https://halle.example.:SAFE/ok")


def test_the_user_agent_says_who_asks(street, tmp_path):
    street.told(tmp_path, "WEB/ok")
    agents = {agent for _, _, _, agent in street.web.asked}
    assert 1 == len(agents)
    assert agents.pop().endswith(f"(link check; +http://letter.example:{street.web.port})")


def test_a_host_that_refuses_connections_is_tried_twice_and_then_left_alone(street, tmp_path):
    street.names.zone["halle.example"] = ["A 127.0.0.2"]
    found = street.told(tmp_path, *(f"WEB/{number}" for number in range(20)))
    assert [20, 20] == [len(found), sum("nobody answers there" in one for one in found)]
    assert 6 >= sum(name == "halle.example" and kind == "A" for name, kind, _ in street.names.asked)


def test_all_requests_together_end_in_time(street, tmp_path):
    config = {"config": "check: {online: {timeout: 5s, total: 1s, allow: [halle.example, letter.example]}}\n"}
    lines = "".join(f'  - {{type: button, label: Ziel {one}, url: "WEB/silent/{one}"}}\n' for one in range(9))
    found = street.check(tmp_path, {**config, "issue": f"content:\n{lines}"})
    late = [one for one in found if "the time for all links is over" in str(one.message)]
    assert (9, {"info"}) == (len(late), {one.severity for one in late})


def test_no_more_than_a_piece_of_a_large_page_is_read(street, tmp_path):
    assert [] == street.told(tmp_path, "WEB/endless", "WEB/bomb")
    assert ["HEAD", "GET"] * 2 == street.web.visits("/endless") + street.web.visits("/bomb")


def test_what_a_server_sends_as_address_is_shown_without_control_characters(street, tmp_path):
    config = {"issue": 'content:\n  - {type: button, label: Ziel, url: "WEB/raw-location"}\n'}
    hints = [str(one.hint) for one in street.check(tmp_path, config)]
    assert [street.put("write WEB/%C3%BC?%EF%BF%BD%1B[31m")] == hints


@pytest.mark.parametrize("host", ["mühle.example", "MÜHLE.example", "xn--mhle-0ra.example"])
def test_hosts_with_umlauts_are_asked_in_ascii(street, tmp_path, host):
    assert [] == street.told(tmp_path, f"http://{host}:PORT/ok")
    assert f"xn--mhle-0ra.example:{street.web.port}" in {asked for _, asked, _, _ in street.web.asked}


def test_name_servers_that_deny_even_the_root_condemn_no_link_and_no_sender(street, tmp_path):
    street.names.faults = {".": "nxdomain", "letter.example": "nxdomain", "_dmarc.letter.example": "nxdomain"}
    told = street.told(tmp_path, "https://hale.example/", "mailto:post@hale.example")
    assert {"info"} == {one.split()[0] for one in told}
    assert any("the name servers here do not know the internet" in one for one in told)
    assert 1 == sum(name == "." for name, _, _ in street.names.asked)


def test_of_a_sender_domain_that_does_not_exist_nothing_else_is_said_to_be_missing(street, tmp_path):
    street.names.faults = {"letter.example": "nxdomain", "_dmarc.letter.example": "nxdomain"}
    told = [one.split()[1] for one in street.told(tmp_path, "mailto:post@halle.example") if " dns/" in one]
    assert ["dns/sender"] == told
