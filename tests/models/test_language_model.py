from __future__ import annotations

import pytest

from models.errors import LanguageModelRefused
from models.language_model import LanguageModel, checked


def refused(endpoint: str, **more: object) -> str:
    with pytest.raises(LanguageModelRefused) as caught:
        checked(LanguageModel("m", endpoint, "sk-secret", **more))
    assert "sk-secret" not in caught.value.line("en") + caught.value.line("zh")
    return caught.value.key


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://127.0.0.1:8000/v1",
        "http://localhost:11434/v1",
        "http://LOCALHOST/v1",
        "http://[::1]:8080",
        "http://127.9.9.9",
    ],
)
def test_this_machine_needs_no_permission(endpoint):
    found = checked(LanguageModel("m", endpoint))
    assert found.host is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://api.example.com/v1",
        "http://192.168.1.5:8000/v1",
        "http://0.0.0.0:8000/v1",
        "http://127.0.0.1.example.com/v1",
        "http://localhost.example.com/v1",
        "http://localhost./v1",
        "http://2130706433/v1",
        "http://0x7f.1/v1",
        "http://[::ffff:192.168.1.5]/v1",
    ],
)
def test_any_other_is_refused_unless_the_operator_allows_it_and_then_needs_tls(endpoint):
    assert refused(endpoint) == "llm_remote_not_allowed"
    if endpoint.startswith("http:"):
        assert refused(endpoint, remote_allowed=True) == "llm_remote_without_tls"


def test_another_machine_with_permission_and_tls_is_named():
    found = checked(LanguageModel("m", "https://API.example.com:8443/v1/", remote_allowed=True))
    assert (found.host, found.endpoint) == ("api.example.com:8443", "https://API.example.com:8443/v1")


@pytest.mark.parametrize(
    "endpoint",
    [
        "api.example.com/v1",
        "ftp://127.0.0.1/v1",
        "http://user:sk-secret@127.0.0.1/v1",
        "http://127.0.0.1@example.com/v1",
        "http://127.0.0.1\\@example.com/v1",
        "http://127.0.0.1/v1?key=sk-secret",
        "http://127.0.0.1/v1#x",
        "http://127.0.0.1/../admin",
        "http://127.0.0.1:99999999/v1",
        "http://127.0.0.1:65536/v1",
        "http://127.0.0.1/v1\n",
        "http://例子.com",
        "http://",
        "",
    ],
)
def test_what_could_be_read_in_two_ways_is_no_address(endpoint):
    assert refused(endpoint, remote_allowed=True) == "llm_bad_endpoint"


def test_the_key_is_not_in_its_text():
    assert "sk-secret" not in repr(LanguageModel("m", None, "sk-secret"))


@pytest.mark.parametrize("key", ["two words", "line\n", "钥匙串", "", "x" * 5000])
def test_a_key_that_no_header_can_hold_is_refused_without_being_told(key):
    with pytest.raises(LanguageModelRefused) as caught:
        checked(LanguageModel("m", "http://127.0.0.1:1/v1", key))
    assert caught.value.key == "llm_bad_key"
    assert not key or key not in caught.value.line("zh") + caught.value.line("en")


def test_a_context_without_room_is_refused():
    with pytest.raises(LanguageModelRefused) as caught:
        checked(LanguageModel("m", context_tokens=512))
    assert caught.value.key == "llm_context_small"
