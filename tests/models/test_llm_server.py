"""Against a real server of a small language model: `transformers serve` over the catalogue's SmolLM2-135M.

The model is far too small for minutes. What is tested is the protocol, a server that ignores schemas, and
that nothing such a model says gets into a draft unless it was said.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from models.engines.chat_endpoint import ChatEndpoint
from models.errors import AnswersUnusable, EndpointRefuses
from models.language_model import LanguageModel
from models.parsing.answer_schema import summary_schema
from models.ports import Generated
from tests.models.stages.llm_fakes import written
from tests.models.stages.talks import talk

pytestmark = pytest.mark.models
START_S = 90


@pytest.fixture(scope="module")
def endpoint(fetched, tmp_path_factory):
    """The model's folder, which is its name there, and the address."""
    folder = fetched("smollm2-135m").path("smollm2-135m")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(sys.executable).with_name("transformers")
    place = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu", "--dtype", "float32"]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [program, "serve", str(folder), *place],
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            stdout=out,
            stderr=out,
        )
    try:
        _wait(server, f"http://127.0.0.1:{port}/health", log)
        yield str(folder), f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], health: str, log: Path) -> None:
    ends = time.monotonic() + START_S
    while time.monotonic() < ends and server.poll() is None:
        try:
            if httpx.get(health, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise AssertionError(f"no server after {START_S} s: {log.read_text('utf-8', 'replace')[-2000:]}")


class Brief:
    """The endpoint with short answers: this is a test of the way, not of the model."""

    def __init__(self, engine: ChatEndpoint) -> None:
        self.engine = engine
        self.told: list[Generated] = []
        self.provenance, self.context_tokens = engine.provenance, engine.context_tokens

    def generate(self, instructions, data, json_schema, answer_tokens):
        self.told.append(self.engine.generate(instructions, data, json_schema, min(answer_tokens, 24)))
        return self.told[-1]


def test_a_real_server_answers_and_its_answer_is_read_with_distrust(endpoint):
    model, address = endpoint
    engine = ChatEndpoint(LanguageModel(model, address, timeout_s=100))
    told = engine.generate("Answer in one word.", "The capital of France is", summary_schema(), 12)
    assert "Paris" in told.text
    assert engine.generate("Count to ten.", "One, two,", summary_schema(), 3).cut

    brief = Brief(engine)
    transcript = talk("e: I'll send the supplier report by Friday.")
    try:
        found = written(transcript, brief).extraction.action_items
    except AnswersUnusable:
        found = ()
    assert brief.told[0].text
    for item in found:
        assert item.task == "Send the supplier report"
        assert item.due in (None, "2026-05-08")


def test_a_real_server_refuses_another_model(endpoint):
    _, address = endpoint
    with pytest.raises(EndpointRefuses):
        ChatEndpoint(LanguageModel("no-such-model", address)).generate("a", "b", {}, 4)
