"""The model process: `python -m models.child`, spoken to in JSON lines over stdin and stdout.

| request (each with an "id") | result |
|---|---|
| `{"op": "probe", "recording"}` | `{"probe"}` |
| `{"op": "listen", "recording", "probe"}` | `{"voices"}` |
| `{"op": "window", "recording", "probe", "window": 0.., "voices"}` | `{"text"}` |
| `{"op": "assemble", "recording", "probe", "voices", "texts"}` | `{"transcript"}` |
| `{"op": "transcribe", "recording"}` | `{"transcript"}` |
| `{"op": "draft", "transcript", "options", "language_model"?}` | `{"draft", "trails"}` |
| `{"op": "process", "recording", "options", "language_model"?}` | `{"transcript"}` as `partial`, then those |
| `{"op": "recommend", "gaps", "catalogue", "person", "top_k", "on", "competencies"?}` | `{"offers"}` |
| `{"op": "shelve", "catalogue", "competencies"?}` | `{}`, the vectors of their texts are kept |
| `{"op": "prepare", "names"}` | `{}` |

The first four are `transcribe` step by step: each result is handed unchanged to the steps after it, which may
run in another process. `voices` and `probe` hold numbers only, `texts` (the `text` of every window, in order)
what was said. `recording` is models/recording_steps.Recording; its paths may be `/proc/self/fd/N` of files
that this process inherited, which errors call by its `names`.

With `language_model` (models/language_model) that model writes the minutes; its key travels in this line,
never on a command line.

Each line back carries the id and an event: `progress` (step, share 0..1), `partial` and `result`
(documents), or `error` (class, key, values of a ModelsError). Requests are served one after the other;
models stay loaded. The process ends with its parent: at the end of stdin, at once, whatever it is doing.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from models import errors
from models.operations import OPERATIONS, Desk

DEFAULT_ENGINES = "models.registry:Engines"
PR_SET_PDEATHSIG = 1


class Channel:
    """Writes events of one request, a JSON line each."""

    def __init__(self, out: BinaryIO, request: object) -> None:
        self._out = out
        self._request = request

    def send(self, event: str, **content: object) -> None:
        """One line. When nobody reads any more, the process ends."""
        line = json.dumps({"id": self._request, "event": event, **content})  # ASCII: no encoding to agree on
        try:
            self._out.write(line.encode("ascii") + b"\n")
            self._out.flush()
        except OSError:
            os._exit(1)

    def progress(self, step: str, share: float) -> None:
        """The share 0..1 of a step that is done."""
        self.send("progress", step=step, share=round(min(1.0, max(0.0, share)), 4))


def answer(request: dict[str, Any], desk: Desk, channel: Channel) -> None:
    """Serves one request; whatever goes wrong becomes one `error` event without any words of the meeting."""
    try:
        operation = OPERATIONS[request["op"]]
        channel.send("result", **operation(desk, request, channel.progress, channel.send))
    except errors.ModelsError as error:
        values = {key: str(value) for key, value in error.values.items()}
        channel.send("error", **{"class": type(error).__name__, "key": error.key, "values": values})
    except MemoryError:
        channel.send("error", **{"class": "EngineFailed", "key": "out_of_memory", "values": {}})
    except Exception as error:
        # The message of a foreign exception may quote the meeting, so only its place is told.
        values = {"what": type(error).__name__, "where": _place(error)}
        channel.send("error", **{"class": "EngineFailed", "key": "engine_defect", "values": values})


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if f"{os.sep}models{os.sep}" in frame.filename] or frames
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "?"


def serve(requests: queue.SimpleQueue[bytes], desk: Desk, out: BinaryIO) -> None:
    """Answers requests for ever."""
    while True:
        request = json.loads(requests.get())
        answer(request, desk, Channel(out, request.get("id")))


def _read(lines: BinaryIO, requests: queue.SimpleQueue[bytes]) -> None:
    for line in lines:
        if line.strip():
            requests.put(line)
    os._exit(0)  # the parent is gone or wants the end; a long inference must not outlive it


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Takes stdin and stdout away from libraries, whose prints and prompts would break the protocol."""
    lines, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return lines, out


def _die_with_parent() -> None:
    """Asks Linux for SIGKILL when the parent dies, for the case that the end of stdin goes unnoticed."""
    if sys.platform == "linux":
        try:
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        except (OSError, AttributeError):
            return


def _factory(name: str) -> Callable[[Path, int], Any]:
    module, _, attribute = name.partition(":")
    found: Callable[[Path, int], Any] = getattr(importlib.import_module(module), attribute)
    return found


def _yield_to_others() -> None:
    """Pages, the queue and whatever else runs on the machine come before a recording that takes minutes."""
    if sys.platform != "win32":
        os.nice(19)


def main() -> None:
    """Runs until stdin ends."""
    parser = argparse.ArgumentParser(prog="python -m models.child")
    parser.add_argument("--models-dir", type=Path, required=True, help="folder of the model store")
    parser.add_argument("--threads", type=int, required=True, help="threads an engine may use")
    parser.add_argument(
        "--engines",
        default=DEFAULT_ENGINES,
        help="module:factory called with (models_dir, threads); tests and other back ends name their own",
    )
    wanted = parser.parse_args()
    lines, out = _own_streams()
    _die_with_parent()
    _yield_to_others()
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines, requests), daemon=True).start()
    desk = Desk(wanted.models_dir, lambda: _factory(wanted.engines)(wanted.models_dir, wanted.threads))
    serve(requests, desk, out)


if __name__ == "__main__":
    main()
