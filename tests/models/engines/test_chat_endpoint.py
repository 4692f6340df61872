from __future__ import annotations

import json
import ssl
import time

import httpx
import pytest

from models.engines.chat_endpoint import MOST_BYTES, ChatEndpoint
from models.errors import (
    EndpointRefuses,
    EndpointUnavailable,
    LanguageModelRefused,
    ModelsError,
    TextTooLong,
)
from models.language_model import LanguageModel
from models.parsing.answer_schema import minutes_schema
from tests.models.chat_stub import said, serving, status

KEY = "key-do-not-tell"
WORDS = "nobody may read this sentence in a log"
SCHEMA = minutes_schema(["m", "e"])


def ask(stub_endpoint, slept=None, **more):
    wanted = LanguageModel("tiny", stub_endpoint, api_key=KEY, **{"timeout_s": 5.0, **more})
    engine = ChatEndpoint(wanted, sleep=(slept if slept is not None else []).append)
    return engine.generate("Be brief.", WORDS, SCHEMA, 100)


def test_the_request_has_schema_limits_and_key_and_the_data_apart_from_the_instructions():
    with serving(lambda body, number: said("{}")) as stub:
        assert ask(stub.endpoint).text == "{}"
    body = stub.bodies[0]
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": WORDS},
    ]
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("tiny", 100, 0)
    assert body["response_format"]["type"] == "json_schema"
    text = json.dumps(body["response_format"]["json_schema"]["schema"])
    assert "maxItems" in text
    assert "maxLength" in text
    assert stub.headers[0]["authorization"] == f"Bearer {KEY}"
    assert stub.paths == ["/v1/chat/completions"]


def test_a_slash_at_the_end_of_the_address_makes_no_difference():
    with serving(lambda body, number: said("{}")) as stub:
        ask(stub.endpoint + "/")
    assert stub.paths == ["/v1/chat/completions"]


def test_the_proxies_and_passwords_of_the_environment_are_not_used(monkeypatch, tmp_path):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving(lambda body, number: said("{}")) as stub:
        engine = ChatEndpoint(LanguageModel("tiny", stub.endpoint))
        engine.generate("a", "b", SCHEMA, 10)
    assert "authorization" not in stub.headers[0]


@pytest.mark.parametrize("complaint", [400, 415, 422, 501])
def test_a_server_without_schemas_is_asked_in_older_forms_and_remembered(complaint):
    def knows_little(body, number):
        return (
            status(complaint, b"unknown field response_format") if "response_format" in body else said("{}")
        )

    with serving(knows_little) as stub:
        engine = ChatEndpoint(LanguageModel("tiny", stub.endpoint, timeout_s=5.0))
        for _ in range(2):
            assert engine.generate("a", "b", SCHEMA, 10).text == "{}"
    forms = [body.get("response_format", {}).get("type") for body in stub.bodies]
    assert forms == ["json_schema", "json_object", None, None]


def test_a_server_that_breaks_on_a_schema_is_asked_without_one():
    def breaks(body, number):
        return status(500) if body.get("response_format", {}).get("type") == "json_schema" else said("{}")

    slept: list[float] = []
    with serving(breaks) as stub:
        assert ask(stub.endpoint, slept).text == "{}"
    assert len(stub.bodies) == 4
    assert slept == [1.0, 4.0]


def test_newer_vendors_have_their_own_names_and_no_temperature():
    def vendor(body, number):
        if "max_tokens" in body:
            return status(400, b"Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
        if "temperature" in body:
            return status(400, b"Unsupported value: 'temperature' does not support 0.")
        return said("{}")

    with serving(vendor) as stub:
        assert ask(stub.endpoint).text == "{}"
    assert stub.bodies[-1]["max_completion_tokens"] == 100
    assert stub.bodies[-1]["response_format"]["type"] == "json_schema"


def test_a_model_without_a_system_role_gets_one_message():
    def picky(body, number):
        roles = [message["role"] for message in body["messages"]]
        return status(400, b"System role not supported") if "system" in roles else said("{}")

    with serving(picky) as stub:
        ask(stub.endpoint)
    (message,) = stub.bodies[-1]["messages"]
    assert message["content"] == f"Be brief.\n\n{WORDS}"


def failing(behaviour, **more) -> tuple[ModelsError, int, list[float]]:
    slept: list[float] = []
    with serving(behaviour) as stub, pytest.raises(ModelsError) as caught:
        ask(stub.endpoint, slept, **more)
    for line in (
        caught.value.line("en"),
        caught.value.line("zh"),
        str(caught.value),
        repr(caught.value.values),
    ):
        assert KEY not in line
        assert WORDS not in line
        assert "confidential body" not in line
    assert caught.value.__cause__ is None  # a chained error of httpx would quote the request
    return caught.value, len(stub.bodies), slept


@pytest.mark.parametrize("code", [429, 502, 503, 529])
def test_a_busy_server_is_asked_three_times_and_then_may_be_tried_again(code):
    error, asked, slept = failing(lambda body, number: status(code, b"confidential body " + WORDS.encode()))
    assert (type(error), error.key, error.retry_can_help) == (EndpointUnavailable, "endpoint_busy", True)
    assert (asked, slept) == (3, [1.0, 4.0])


def test_a_server_that_always_breaks_is_given_up():
    error, asked, _ = failing(lambda body, number: status(500, b"confidential body"))
    assert (error.key, error.retry_can_help) == ("endpoint_busy", True)
    assert asked == 9  # three forms, three times each


def test_a_server_that_recovers_is_waited_for_as_long_as_it_asks():
    slept: list[float] = []
    with serving(lambda body, n: status(503, Retry_After="7") if n == 0 else said("{}")) as stub:
        assert ask(stub.endpoint, slept).text == "{}"
    assert slept == [7.0]


def test_nobody_waits_for_an_hour():
    error, asked, slept = failing(lambda body, number: status(429, Retry_After="3600"))
    assert (error.key, asked, slept) == ("endpoint_busy", 1, [])


@pytest.mark.parametrize(
    ("code", "key"),
    [
        (401, "endpoint_denied"),
        (403, "endpoint_denied"),
        (404, "endpoint_unknown"),
        (409, "endpoint_refuses"),
    ],
)
def test_a_no_is_not_asked_again(code, key):
    error, asked, _ = failing(lambda body, number: status(code, b"confidential body"))
    assert (type(error), error.key, error.retry_can_help) == (EndpointRefuses, key, False)
    assert asked == 1


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_are_not_followed(code):
    with serving(lambda body, number: said("{}")) as other:
        error, asked, _ = failing(
            lambda body, number: status(code, Location=f"{other.endpoint}/chat/completions")
        )
        assert other.bodies == []
    assert (error.key, asked) == ("endpoint_redirects", 1)


def test_a_server_that_hangs_is_left():
    error, asked, slept = failing(lambda body, number: None, timeout_s=0.5)
    assert (error.key, error.retry_can_help) == ("endpoint_slow", True)
    assert (asked, slept) == (1, [])


def test_nobody_there():
    with serving(lambda body, number: said("{}")) as stub:
        pass
    with pytest.raises(EndpointUnavailable) as caught:
        ask(stub.endpoint, [])
    assert caught.value.key == "endpoint_unreachable"


@pytest.mark.parametrize(
    "reply",
    [
        status(200, b"<html>confidential body</html>"),
        status(200, b""),
        status(200, b"[]"),
        status(200, b'{"choices": []}'),
        status(200, b'{"choices": [{"message": {"content": 3}}]}'),
        status(200, b"{" * 100_000),
        status(200, b"\xff\xfe\x00"),
        status(0, b"SSH-2.0-OpenSSH_9.2\r\n"),
        status(200, b"x" * (MOST_BYTES + 1)),
        status(200, b"not gzip", Content_Encoding="gzip"),
    ],
)
def test_garbage_is_told_as_garbage(reply):
    error, _, _ = failing(lambda body, number: reply)
    assert (type(error), error.key) == (EndpointUnavailable, "endpoint_nonsense")


def test_a_slow_trickle_ends_at_the_time_limit():
    class Trickle(httpx.SyncByteStream):
        def __iter__(self):
            while True:
                time.sleep(0.02)
                yield b" "

    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Trickle()))
    wanted = LanguageModel("tiny", "http://127.0.0.1:1/v1", timeout_s=0.2)
    with pytest.raises(EndpointUnavailable) as caught:
        ChatEndpoint(wanted, transport).generate("a", "b", SCHEMA, 10)
    assert caught.value.key == "endpoint_slow"


@pytest.mark.parametrize(
    ("reply", "text", "cut"),
    [
        (said("{}", "length"), "{}", True),
        (said(None), "", False),
        (said([{"type": "text", "text": "{"}, {"type": "text", "text": "}"}]), "{}", False),
    ],
)
def test_answers_of_different_servers_are_read(reply, text, cut):
    with serving(lambda body, number: reply) as stub:
        told = ask(stub.endpoint)
    assert (told.text, told.cut) == (text, cut)


@pytest.mark.parametrize(
    "reply",
    [
        status(400, b"This model's maximum context length is 2048 tokens."),
        status(400, b"the request exceeds the available context size"),
        status(413),
        said("{}", usage={"prompt_tokens": 1}),
    ],
)
def test_a_text_that_is_too_long_or_was_cut_silently_is_told(reply):
    error, asked, _ = failing(lambda body, number: reply)
    assert (type(error), asked) == (TextTooLong, 1)


@pytest.mark.parametrize(("talk", "seen"), [("word " * 20_000, 4096), ("我们下周再谈" * 3000, 4096)])
def test_a_server_that_reads_only_its_first_tokens_is_noticed_in_both_languages(talk, seen):
    with serving(lambda body, number: said("{}", usage={"prompt_tokens": seen})) as stub:
        engine = ChatEndpoint(LanguageModel("tiny", stub.endpoint, timeout_s=5.0))
        with pytest.raises(TextTooLong):
            engine.generate("Be brief.", talk, SCHEMA, 100)
        assert engine.generate("Be brief.", talk[:9000], SCHEMA, 100).text == "{}"


def test_a_certificate_that_cannot_be_trusted():
    def refused(request):
        raise httpx.ConnectError("bad") from ssl.SSLCertVerificationError("self-signed")

    wanted = LanguageModel("tiny", "https://llm.example.org/v1", remote_allowed=True)
    with pytest.raises(EndpointRefuses) as caught:
        ChatEndpoint(wanted, httpx.MockTransport(refused)).generate("a", "b", SCHEMA, 10)
    assert caught.value.key == "endpoint_certificate"


def test_the_engine_itself_refuses_another_machine_that_is_not_allowed():
    with pytest.raises(LanguageModelRefused):
        ChatEndpoint(LanguageModel("tiny", "https://llm.example.org/v1"))
    with pytest.raises(LanguageModelRefused):
        ChatEndpoint(LanguageModel("tiny", "http://llm.example.org/v1", remote_allowed=True))


def test_provenance_names_a_host_only_when_it_is_another_machine():
    here = ChatEndpoint(LanguageModel("tiny", "http://127.0.0.1:8000/v1")).provenance
    assert (here.model, here.host) == ("tiny", None)
    there = ChatEndpoint(
        LanguageModel("big", "https://llm.example.org:444/v1", remote_allowed=True)
    ).provenance
    assert there.host == "llm.example.org:444"
