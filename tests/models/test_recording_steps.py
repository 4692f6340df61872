"""The steps from sound to transcript, one by one as the durable workflow takes them, through JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from models import audio
from models.engines.fake import Engines
from models.errors import NotAudio, UnusableInput
from models.operations import OPERATIONS, Desk
from models.tracks import Track, WindowReader
from tests.models.sounds import RATE, tone, write

EXAMPLES = Path(__file__).parents[2] / "examples"
MANAGER, EMPLOYEE = {"id": "m", "role": "manager"}, {"id": "e", "role": "employee"}


def quiet(step, share):
    """Nobody watches the progress here."""


def beginning(name, seconds, channels, target):
    """The first seconds of an example as a file of 16 kHz."""
    layout = audio.Layout(seconds, len(channels), cuts=((seconds,),) * 3)
    heard = [next(audio.windows(EXAMPLES / name, layout, channel))[1] for channel in channels]
    return write(target, np.stack(heard), RATE, "flac")


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    return beginning("checkin-en-01.ogg", 50.0, [None], tmp_path_factory.mktemp("talk") / "a.flac")


@pytest.fixture(scope="module")
def two_channels(tmp_path_factory):
    return beginning("checkin-en-01.stereo.ogg", 50.0, [0, 1], tmp_path_factory.mktemp("talk") / "b.flac")


def fakes(folder):
    return Desk(folder, lambda: Engines(folder, 1))


def ask(desk, op, report=quiet, **fields):
    """As over the pipe: everything through JSON."""
    request = json.loads(json.dumps(fields))
    return json.loads(json.dumps(OPERATIONS[op](desk, request, report, None)))


def recording(*paths, **changes):
    return {"id": "talk", "paths": list(map(str, paths)), "date": "2026-05-05", "window_s": 30.0, **changes}


def in_steps(desk_for, fields):
    """The transcript, each step on the desk that is handed out for it."""
    given = {"recording": fields, **ask(desk_for("probe"), "probe", recording=fields)}
    given |= ask(desk_for("listen"), "listen", **given)
    count = len(given["probe"]["windows"])
    texts = [ask(desk_for(k), "window", window=k, **given)["text"] for k in range(count)]
    return ask(desk_for("assemble"), "assemble", texts=texts, **given)["transcript"]


def timeless(transcript):
    for step in transcript["provenance"].values():
        step["seconds"] = 0.0
    return transcript


@pytest.mark.parametrize("name", ["talk", "two_channels"])
def test_step_by_step_in_one_process_or_in_many_is_the_same_as_in_one_go(tmp_path, request, name):
    fields = recording(request.getfixturevalue(name), participants=[MANAGER, EMPLOYEE], window_s=16.0)
    one_go = ask(fakes(tmp_path), "transcribe", recording=fields)["transcript"]
    desk = fakes(tmp_path)
    assert len(one_go["turns"]) > 10
    assert timeless(in_steps(lambda step: desk, fields)) == timeless(one_go)
    assert timeless(in_steps(lambda step: fakes(tmp_path), fields)) == timeless(one_go)


def test_files_with_a_voice_each_have_their_own_windows(tmp_path):
    paths = [write(tmp_path / f"{n}.flac", tone(n)[None], RATE, "flac") for n in (40, 70)]
    fields = recording(*paths, tracks=["m", "e"])
    plan = ask(fakes(tmp_path), "probe", recording=fields)["probe"]
    assert plan["duration_s"] == pytest.approx(70, abs=0.1)
    assert [track for track, _, _ in plan["windows"]] == [0, 0, 1, 1, 1]
    assert [start for _, start, _ in plan["windows"]].count(0.0) == 2
    transcript = in_steps(lambda step: fakes(tmp_path), fields)
    assert {turn["speaker"] for turn in transcript["turns"]} == {"m", "e"}


def test_windows_of_the_plan_meet_and_cover_the_whole(tmp_path):
    path = write(tmp_path / "a.flac", tone(100)[None], RATE, "flac")
    plan = ask(fakes(tmp_path), "probe", recording=recording(path))["probe"]
    windows = plan["windows"]
    assert [end for _, _, end in windows[:-1]] == [start for _, start, _ in windows[1:]]
    assert (windows[0][1], windows[-1][2]) == (0.0, 100.0)
    assert all(25 < end - start < 35 for _, start, end in windows[:-1])


def test_progress_of_a_step_goes_from_nothing_to_all(tmp_path, talk):
    told = []
    fields = recording(talk, window_s=20.0)
    given = {"recording": fields, **ask(fakes(tmp_path), "probe", recording=fields)}
    desk = fakes(tmp_path)
    given |= ask(desk, "listen", lambda *event: told.append(event), **given)
    ask(desk, "window", lambda *event: told.append(event), window=1, **given)
    for step in ("listen", "transcribe"):
        shares = [share for name, share in told if name == step]
        assert (shares[0], shares[-1]) == (0.0, 1.0)
        assert shares == sorted(shares)


def test_progress_of_the_whole_never_goes_back(tmp_path, two_channels):
    told = []
    ask(fakes(tmp_path), "transcribe", lambda *event: told.append(event), recording=recording(two_channels))
    shares = [share for step, share in told if step == "transcribe"]
    assert len(shares) > 8
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_windows_in_order_are_read_from_one_open_file(tmp_path):
    path = write(tmp_path / "a.flac", tone(60)[None], RATE, "flac")
    track, reader = Track(path, audio.examine(path, 10)), WindowReader()
    count = len(track.spans())
    seen = set()
    for number in range(count - 1):
        reader.read(track, number)
        seen.add(frozenset(descriptors(path)))
    assert count > 4
    assert seen == {next(iter(seen))}
    assert len(next(iter(seen))) == 1
    reader.read(track, count - 1)
    assert descriptors(path) == []


def descriptors(path):
    """Numbers under which this process has the file open."""
    return [
        link.name for link in Path("/proc/self/fd").iterdir() if link.is_symlink() and leads_to(link, path)
    ]


def leads_to(link, path):
    try:
        return link.readlink() == path
    except FileNotFoundError:  # that of the listing itself
        return False


def test_windows_in_any_order_are_the_same_and_another_file_is_noticed(tmp_path):
    path = write(tmp_path / "a.flac", tone(40)[None], RATE, "flac")
    track, reader = Track(path, audio.examine(path, 8)), WindowReader()
    in_order = list(track.windows(lambda share: None))
    for number in (2, 3, 0, 3, 1, 1):
        start_s, samples = reader.read(track, number)
        assert start_s == in_order[number][0]
        assert np.array_equal(samples, in_order[number][1])
    write(path, tone(40, hz=500)[None], RATE, "flac")
    assert not np.array_equal(reader.read(track, 2)[1], in_order[2][1])


def memory_file(data):
    fd = os.memfd_create("sound")
    os.write(fd, data)
    return fd


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="Linux")
@pytest.mark.parametrize(
    ("suffix", "codec", "rate"),
    [
        (".wav", "pcm_s16le", RATE),
        (".mp3", "libmp3lame", RATE),
        (".ogg", "libopus", 48_000),
        (".m4a", "aac", RATE),
        (".mp4", "aac", RATE),
        (".webm", "libopus", 48_000),
        (".flac", "flac", RATE),
    ],
)
def test_a_file_without_a_name_is_read_by_its_content(tmp_path, suffix, codec, rate):
    path = write(tmp_path / f"a{suffix}", tone(12, rate)[None], rate, codec)
    fd = memory_file(path.read_bytes())
    try:
        nameless = Path(f"/proc/self/fd/{fd}")
        layout = audio.examine(nameless, 5)
        assert layout == audio.examine(path, 5)
        first, again = (audio.windows(nameless, layout) for _ in range(2))  # both open at once
        for one, other, named in zip(first, again, audio.windows(path, layout), strict=True):
            assert np.array_equal(one[1], other[1])
            assert np.array_equal(one[1], named[1])
    finally:
        os.close(fd)


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="Linux")
def test_errors_call_a_file_by_the_name_it_was_given(tmp_path):
    fd = memory_file(b"these are minutes, not sound" * 100)
    path = f"/proc/self/fd/{fd}"
    fields = recording(path, names=["review.m4a"])
    with pytest.raises(NotAudio, match=r"review\.m4a") as unreadable:
        ask(fakes(tmp_path), "probe", recording=fields)
    os.close(fd)
    with pytest.raises(UnusableInput, match=r"review\.m4a") as gone:
        ask(fakes(tmp_path), "probe", recording=fields)
    assert "proc" not in str(unreadable.value) + str(gone.value)


def test_plan_and_voices_hold_no_names_and_no_words(tmp_path, talk):
    fields = recording(talk, names=["secret.ogg"], participants=[MANAGER])
    plan = ask(fakes(tmp_path), "probe", recording=fields)
    voices = ask(fakes(tmp_path), "listen", recording=fields, **plan)
    assert set(voices["voices"]["spans"][0]) == {"start_s", "end_s", "speaker"}
    assert "secret" not in json.dumps([plan, voices])
    assert talk.name not in json.dumps([plan, voices])
