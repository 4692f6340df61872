"""The model process as the workflow uses it: from an event loop, on a recording that is on no disk."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path

import numpy as np
import pytest

from models.engines.fake import CRASH_HZ, HANG_HZ
from models.errors import NotAudio
from service.errors import ModelProcessDied
from service.jobs.model_process import AsyncModelProcess, ModelProcess
from service.settings import from_environment
from tests.models.sounds import RATE, tone, write

linux = pytest.mark.skipif(sys.platform != "linux", reason="memory files and /proc are Linux's")
OPTIONS = {"minutes_language": None}


def quiet(step: str, share: float) -> None:
    """Nobody watches the progress here."""


def settings(folder: Path):
    return from_environment({"RAPPORT_MODELS_DIR": str(folder), "RAPPORT_THREADS": "1"})


def process(folder: Path, engines: str = "models.engines.fake:Engines", **more) -> AsyncModelProcess:
    return AsyncModelProcess(settings(folder), engines, **more)


def recording(path: object, **changes) -> dict[str, object]:
    return {"id": "talk", "paths": [str(path)], "date": "2026-05-05", "window_s": 20.0, **changes}


def sound(folder: Path, *pitches: int) -> Path:
    """Twenty seconds of each pitch, which is about a window of its own."""
    whole = np.concatenate([tone(20, hz=hz) for hz in pitches])
    return write(folder / "sound.flac", whole[None], RATE, "flac")


async def planned(models: AsyncModelProcess, fields: dict[str, object]) -> dict[str, object]:
    """The fields of a window's request but its number."""
    given = {"recording": fields}
    given["probe"] = (await models.ask(quiet, "probe", **given))["probe"]
    given["voices"] = (await models.ask(quiet, "listen", **given))["voices"]
    return given


async def in_steps(models: AsyncModelProcess, fields: dict[str, object]) -> dict[str, object]:
    given = await planned(models, fields)
    numbers = range(len(given["probe"]["windows"]))
    texts = [(await models.ask(quiet, "window", window=k, **given))["text"] for k in numbers]
    transcript = (await models.ask(quiet, "assemble", texts=texts, **given))["transcript"]
    return (await models.ask(quiet, "draft", transcript=transcript, options=OPTIONS))["draft"]


@contextmanager
def in_memory(data: bytes) -> Iterator[int]:
    fd = os.memfd_create("recording", os.MFD_CLOEXEC)
    try:
        os.write(fd, data)
        yield fd
    finally:
        os.close(fd)


@linux
def test_a_recording_in_memory_becomes_a_draft_step_by_step(tmp_path):
    async def work(fd: int) -> dict[str, object]:
        async with process(tmp_path, pass_fds=(fd,)) as models:
            return await in_steps(models, recording(f"/proc/self/fd/{fd}"))

    data = sound(tmp_path, 220, 330).read_bytes()
    with in_memory(data) as fd:
        draft = asyncio.run(work(fd))
    assert {"Send you the supplier report", "Book the SQL course"} <= {
        a["task"] for a in draft["action_items"]
    }
    assert {a["due"] for a in draft["action_items"]} >= {"2026-05-08", "2026-05-11"}


@linux
def test_a_file_in_memory_is_called_by_its_name_in_errors(tmp_path):
    with in_memory(b"no sound" * 1000) as fd, ModelProcess(settings(tmp_path), pass_fds=(fd,)) as models:
        fields = recording(f"/proc/self/fd/{fd}", names=["review.m4a"])
        with pytest.raises(NotAudio) as caught:
            models.ask(quiet, "probe", recording=fields)
    assert caught.value.values == {"path": "review.m4a"}


def test_cancelling_the_task_ends_the_process_in_the_middle_of_a_window(tmp_path):
    fields = recording(sound(tmp_path, 220, HANG_HZ))

    async def work() -> float:
        async with process(tmp_path) as models:
            given = await planned(models, fields)
            await models.ask(quiet, "window", window=0, **given)
            pid, begun = models.pid, asyncio.Event()
            task = asyncio.create_task(
                models.ask(lambda step, share: begun.set(), "window", window=1, **given)
            )
            await begun.wait()
            before = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            took_s = time.monotonic() - before
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
            await models.ask(quiet, "window", window=0, **given)  # afresh
            assert models.pid != pid
            return took_s

    assert asyncio.run(work()) < 0.5


def test_a_poisoned_window_fails_each_time_and_the_others_do_not(tmp_path):
    fields = recording(sound(tmp_path, 220, CRASH_HZ, 220))

    async def work() -> None:
        async with process(tmp_path) as models:
            given = await planned(models, fields)
            for _ in range(2):
                with pytest.raises(ModelProcessDied, match="exit code 70"):
                    await models.ask(quiet, "window", window=1, **given)
                assert models.pid is None
            for number in (0, 2):
                assert (await models.ask(quiet, "window", window=number, **given))["text"]["words"]

    asyncio.run(work())


def test_an_iterator_that_is_left_early_ends_the_work(tmp_path):
    async def work() -> None:
        fields = recording(sound(tmp_path, 220))
        async with process(tmp_path, "models.engines.fake:hanging") as models:
            given = await planned(models, fields)
            async with aclosing(models.request("window", window=0, **given)) as events:
                async for event in events:
                    assert event.kind == "progress"
                    pid = models.pid
                    break
            assert models.pid is None
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)

    asyncio.run(work())


def test_a_line_of_any_length_comes_through(tmp_path):
    words = [{"w": f" word{n}", "start_s": n / 10, "end_s": n / 10 + 0.1, "p": 0.9} for n in range(20_000)]
    text = {"words": words, "languages": ["en"] * len(words)}

    async def work() -> dict[str, object]:
        async with process(tmp_path) as models:
            given = await planned(models, recording(sound(tmp_path, 220)))
            return await models.ask(quiet, "assemble", texts=[text], **given)

    transcript = asyncio.run(work())["transcript"]
    assert sum(len(turn["words"]) for turn in transcript["turns"]) == len(words)


def test_errors_are_raised_here_and_the_process_lives_on(tmp_path):
    async def work() -> None:
        async with process(tmp_path) as models:
            pids = set()
            for _ in range(2):
                with pytest.raises(NotAudio):
                    await models.ask(quiet, "probe", recording=recording(Path(__file__)))
                pids.add(models.pid)
            assert len(pids) == 1

    asyncio.run(work())


@linux
def test_keys_of_the_service_do_not_reach_the_process(tmp_path, monkeypatch):
    monkeypatch.setenv("RAPPORT_MASTER_KEY", "do-not-tell")
    with ModelProcess(settings(tmp_path), "models.engines.fake:Engines") as models:
        models.ask(quiet, "probe", recording=recording(sound(tmp_path, 220)))
        assert b"do-not-tell" not in Path(f"/proc/{models.pid}/environ").read_bytes()


def test_a_script_of_ones_own_is_said_in_turn(tmp_path):
    (tmp_path / "script.txt").write_text("The marker is cormorant.\n我会在周五前把报告发给你。\n", "utf-8")
    with ModelProcess(settings(tmp_path), "models.engines.fake:Engines") as models:
        transcript = models.ask(quiet, "transcribe", recording=recording(sound(tmp_path, 220)))["transcript"]
    first, second = transcript["turns"]
    assert (first["speaker"], first["text"]) == ("s1", "The marker is cormorant.")
    assert transcript["language"] == "mixed"
    assert "周五前把报告发给你" in second["text"]
