"""Many threads, one name server: each question once, and an end to waiting."""

from threading import Thread

from ruhrmail.dns.asking import Asking
from ruhrmail.names import Answer, Names
from tests.servers.names import NameServer


def test_the_same_question_is_asked_once():
    with NameServer(zone={"halle.example": ["A 192.0.2.1"]}).running() as server:
        with Asking(Names(("127.0.0.1", server.port), 2), 5) as asking:
            threads = [Thread(target=asking.ask, args=("Halle.example.", "A")) for _ in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            assert Answer("found", ("192.0.2.1",)) == asking.ask("halle.example", "A")
        assert 1 == len(server.asked)


def test_who_waits_hears_that_time_is_over():
    with NameServer(faults={"leise.example": "silent"}).running() as server:
        with Asking(Names(("127.0.0.1", server.port), 20), 0.2) as asking:
            assert Answer("failed", reason="timeout") == asking.ask("leise.example", "A")
        assert Answer("failed", reason="timeout") == asking.ask("halle.example", "A")


def test_leaving_wakes_who_still_waits():
    heard = []
    with NameServer(faults={"leise.example": "silent"}).running() as server:
        with Asking(Names(("127.0.0.1", server.port), 20), 20) as asking:
            thread = Thread(target=lambda: heard.append(asking.ask("leise.example", "A").state))
            thread.start()
            asking.ask("halle.example", "A")
        thread.join(60)
    assert ["failed"] == heard
