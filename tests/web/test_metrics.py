"""`/metrics` is for this machine, or for whoever has the token."""

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
