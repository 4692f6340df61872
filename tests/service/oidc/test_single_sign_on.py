"""Signing in at a real provider, and what does not get in that way."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from service.domain.account_errors import ProviderUnavailable, SignInFailed
from service.hosting import CALLBACK
from service.outgoing.single_sign_on import SingleSignOn

OURS = "http://127.0.0.1:8000/"
START = "/api/v1/single-sign-on"


TOKEN = {"access_token": "a", "token_type": "Bearer", "id_token": "e30.e30."}


@pytest.fixture
def service(rapport):
    with closing(SingleSignOn(rapport.hosting)) as made:
        yield made


def at_the_provider(address, login):
    """The address that the provider sends the browser back to."""
    with httpx2.Client(base_url=address, trust_env=False) as browser:
        answer = browser.get(f"{address}&login_hint={login}")
        while not answer.headers["location"].startswith(OURS):
            answer = browser.get(httpx2.URL(address).join(answer.headers["location"]))
    return answer.headers["location"]


def sign_in(client, login):
    away = client.get(START, follow_redirects=False)
    assert away.status_code == 303
    back = at_the_provider(away.headers["location"], login)
    return client.get(back, follow_redirects=False)


def test_a_verified_address_opens_the_account_of_that_person_with_the_roles_of_their_groups(people):
    client = people.visitor()
    answer = sign_in(client, "ana")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    me = client.get("/api/v1/me").json()
    assert (me["person"]["id"], me["roles"]) == (people.ids["ana"], ["hr", "member"])


def test_the_next_time_the_subject_counts_and_not_the_address(people, rapport):
    assert sign_in(people.visitor(), "ana").status_code == 303
    thief = sign_in(people.visitor(), "thief")
    assert (thief.status_code, thief.json()["code"]) == (401, "sso_unknown")
    assert sign_in(people.visitor(), "ana").status_code == 303


def test_without_groups_in_the_token_roles_stay(people):
    admin = people.sign_in("admin")
    admin.patch(f"/api/v1/people/{people.ids['zhang']}/account", json={"roles": ["hr"]})
    client = people.visitor()
    assert sign_in(client, "plain").status_code == 303
    assert client.get("/api/v1/me").json()["roles"] == ["hr", "member"]


@pytest.mark.parametrize("login", ["unverified", "stranger"])
def test_nobody_gets_in_without_a_verified_address_of_an_account(people, login):
    refused = sign_in(people.visitor(), login)
    assert (refused.status_code, refused.json()["code"]) == (401, "sso_unknown")


def test_an_account_that_is_switched_off_stays_off(people):
    people.sign_in("admin").patch(f"/api/v1/people/{people.ids['ana']}/account", json={"active": False})
    assert sign_in(people.visitor(), "ana").status_code == 401


def test_the_way_back_belongs_to_the_browser_that_went(people):
    victim, attacker = people.visitor(), people.visitor()
    away = attacker.get(START, follow_redirects=False)
    back = at_the_provider(away.headers["location"], "ana")
    assert victim.get(back, follow_redirects=False).json()["code"] == "sso_failed"
    victim.get(START, follow_redirects=False)
    assert victim.get(back, follow_redirects=False).json()["code"] == "sso_failed"
    assert victim.get("/api/v1/me").status_code == 401


def test_a_code_works_once(people):
    client = people.visitor()
    away = client.get(START, follow_redirects=False)
    back = at_the_provider(away.headers["location"], "ana")
    trip = dict(client.cookies)
    assert client.get(back, follow_redirects=False).status_code == 303
    again = people.visitor()
    for name, value in trip.items():
        again.cookies.set(name, value)
    assert again.get(back, follow_redirects=False).status_code == 401


@pytest.mark.parametrize("changed", ["nonce", "verifier", "state"])
def test_each_secret_of_the_trip_is_checked(people, service, changed):
    address, trip = service.begin()
    query = {k: v[0] for k, v in parse_qs(urlsplit(at_the_provider(address, "ana")).query).items()}
    with pytest.raises(SignInFailed):
        service.claims({**trip, changed: "x" * 43}, query)


def test_another_issuer_in_the_answer_is_refused(service):
    _, trip = service.begin()
    with pytest.raises(SignInFailed):
        service.claims(trip, {"code": "x", "state": trip["state"], "iss": "https://evil.example"})


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "evil", ["http://169.254.169.254/latest", "http://127.0.0.1:1/x", "file:///etc/passwd", 7]
)
def test_documents_of_the_provider_lead_to_no_other_host(rapport, issuer, name, evil):
    reached = []

    def provider(request):
        reached.append(request.url.host)
        if request.url.path.endswith("openid-configuration"):
            paths = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            return httpx2.Response(
                200, json={"issuer": issuer, **{p: f"{issuer}/{p}" for p in paths}, name: evil}
            )
        return httpx2.Response(200, json=TOKEN)

    trip = {"state": "s", "nonce": "n", "verifier": "v" * 43}
    answering = SingleSignOn(rapport.hosting, httpx2.MockTransport(provider))
    with closing(answering) as service, pytest.raises((ProviderUnavailable, SignInFailed)):
        service.begin()
        service.claims(trip, {"code": "x", "state": "s"})
    assert set(reached) == {"127.0.0.1"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(302, headers={"location": "http://169.254.169.254/"}),
        httpx2.Response(200, content=b"[" * 100_000),
        httpx2.Response(200, content=b"{}"),
        httpx2.Response(200, json=[1]),
        httpx2.Response(200, content=b" " * 2_000_000),
        httpx2.Response(500),
    ],
    ids=["redirect", "deep", "empty", "list", "huge", "error"],
)
def test_a_provider_that_answers_nonsense_is_unavailable(rapport, answer):
    answering = SingleSignOn(rapport.hosting, httpx2.MockTransport(lambda request: answer))
    with closing(answering) as service, pytest.raises(ProviderUnavailable):
        service.begin()


def test_a_provider_without_https_is_for_this_machine_alone(rapport):
    hosting = replace(rapport.hosting, oidc_issuer="http://login.firm.example")
    with pytest.raises(Exception, match="not set up"):
        SingleSignOn(hosting)
    assert CALLBACK.startswith(START)
