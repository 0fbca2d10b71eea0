"""`/metrics` is for this machine, or for whoever has the token."""

from ruhrmail.flows.machine import this_machine
from ruhrmail.store import open_store, people, read_answers
from tests.web.real import published
from tests.web.trial_server import METRICS_TOKEN


def test_a_program_on_this_machine_gets_the_figures(service):
    with service.client() as client:
        answer = client.get("/metrics")
    assert (200, "ruhrmail_list_size 20\n") == (answer.status_code, answer.text)
    assert "text/plain; version=0.0.4; charset=utf-8" == answer.headers["content-type"]
    assert "no-store" == answer.headers["cache-control"]


def test_the_public_gets_nothing_through_a_proxy_on_this_machine(service):
    with service.client() as client:
        for headers in (
            {"Host": "newsletter.example"},
            {"X-Forwarded-For": "192.0.2.7"},
            {"X-Forwarded-Proto": "https"},
        ):
            answer = client.get("/metrics", headers=headers)
            assert (401, "Bearer") == (answer.status_code, answer.headers["www-authenticate"])
            assert "20" not in answer.text


def test_the_token_opens_it_for_the_public_name_too(service):
    with service.client() as client:
        headers = {"Host": "newsletter.example", "X-Forwarded-For": "192.0.2.7"}
        assert (
            200 == client.get("/metrics", headers={**headers, "Authorization": f"Bearer {METRICS_TOKEN}"}).status_code
        )
        assert 401 == client.get("/metrics", headers={**headers, "Authorization": "Bearer x"}).status_code


def test_what_people_post_is_counted_by_page_and_answer(tmp_path):
    with published(tmp_path / "project") as paper:
        token = paper.link_of(next(iter(people(paper.store))).token_id)
        with paper.client() as client:
            for path in (f"/u/{token}", f"/u/{token}", "/u/wrong", "/confirm/wrong", "/nowhere", "/archive/"):
                client.post(path)
            client.get(f"/u/{token}")
        with paper.client(headers={"Host": "foreign.example"}) as client:
            client.post("/u/wrong")
    expected = {("u", 200): 2, ("u", 404): 1, ("confirm", 404): 1, ("other", 404): 1, ("other", 405): 1}
    with open_store(paper.config.store, now=this_machine().now(), randomness=this_machine().randomness) as store:
        assert expected == read_answers(store)
