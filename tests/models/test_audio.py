from __future__ import annotations

import numpy as np
import pytest

from models import audio
from models.errors import NotAudio, UnusableInput
from tests.models.sounds import RATE, tone, video_without_sound, write


@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "channels"),
    [
        (".wav", "pcm_s16le", 8_000, 1),
        (".wav", "pcm_s16le", 96_000, 8),
        (".flac", "flac", 44_100, 2),
        (".mp3", "libmp3lame", 22_050, 2),
        (".ogg", "libopus", 48_000, 1),
        (".m4a", "aac", 44_100, 2),
        (".webm", "libopus", 48_000, 2),
    ],
)
def test_any_common_file_is_heard_at_its_length(tmp_path, suffix, codec, rate, channels):
    path = write(tmp_path / f"a{suffix}", np.tile(tone(3, rate), (channels, 1)), rate, codec)
    layout = audio.examine(path)
    heard = np.concatenate([samples for _, samples in audio.windows(path, layout)])
    assert layout.duration_s == pytest.approx(3, abs=0.15)
    assert heard.size / RATE == pytest.approx(3, abs=0.15)
    assert heard.dtype == np.float32
    assert 0.02 < np.sqrt(np.mean(heard**2)) < 0.2


def test_windows_join_to_the_whole_and_end_in_quiet_moments(tmp_path):
    whole = np.ones(70 * RATE, np.float32) * 0.1
    whole[int(27.5 * RATE) : int(28.5 * RATE)] = 0.0
    whole[int(60.0 * RATE) : int(61.0 * RATE)] = 0.0
    path = write(tmp_path / "a.wav", whole[None], RATE, "pcm_s16le")
    layout = audio.examine(path, seconds=30)
    pieces = list(audio.windows(path, layout))
    assert [start for start, _ in pieces] == pytest.approx([0.0, 28.0, 60.5], abs=0.5)
    assert sum(samples.size for _, samples in pieces) == whole.size


def test_a_window_is_the_same_when_those_before_it_are_left_out(tmp_path):
    path = write(tmp_path / "a.ogg", tone(40, 48_000)[None], 48_000, "libopus")
    layout = audio.examine(path, seconds=8)
    pieces = list(audio.windows(path, layout))
    assert len(pieces) > 3
    for number, (start_s, samples) in enumerate(pieces):
        again_s, again = next(audio.windows(path, layout, first=number))
        assert again_s == start_s
        assert np.array_equal(again, samples)


def test_quiet_recordings_are_lifted_and_loud_ones_lowered(tmp_path):
    levels = []
    for name, gain in (("quiet.wav", 0.002), ("loud.wav", 0.95)):
        path = write(tmp_path / name, tone(4, level=gain)[None], RATE, "pcm_s16le")
        samples = np.concatenate([s for _, s in audio.windows(path, audio.examine(path))])
        levels.append(20 * np.log10(np.sqrt(np.mean(samples**2))))
    assert abs(levels[0] - levels[1]) < 1.0
    assert np.abs(samples).max() <= 1.0


def test_channels_with_a_speaker_each_are_told_from_stereo(tmp_path):
    voice = tone(10)
    turns = np.repeat(np.arange(10) % 2, RATE)
    apart = np.stack([voice * (turns == 0), voice * (turns == 1)]) + 1e-4
    same = np.stack([voice, voice * 0.7])
    assert audio.examine(write(tmp_path / "apart.wav", apart, RATE, "pcm_s16le")).separate
    assert not audio.examine(write(tmp_path / "same.wav", same, RATE, "pcm_s16le")).separate


def test_opposite_phase_does_not_cancel_the_voice(tmp_path):
    path = write(tmp_path / "a.wav", np.stack([tone(3), -tone(3)]), RATE, "pcm_s16le")
    samples = np.concatenate([s for _, s in audio.windows(path, audio.examine(path))])
    assert np.sqrt(np.mean(samples**2)) > 0.02


def test_a_truncated_file_gives_what_can_be_heard(tmp_path):
    path = write(tmp_path / "a.mp3", tone(8)[None], RATE, "libmp3lame")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 2 < audio.examine(path).duration_s < 6


def test_what_is_no_recording_says_so_in_one_line(tmp_path):
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "text.wav").write_text("these are minutes, not sound\n" * 200)
    video_without_sound(tmp_path / "mute.mp4")
    for name in ("empty.wav", "text.wav", "mute.mp4"):
        with pytest.raises(NotAudio) as caught:
            audio.examine(tmp_path / name)
        assert name in str(caught.value)
        assert "\n" not in str(caught.value)
        assert caught.value.line("zh") != str(caught.value)
    with pytest.raises(UnusableInput, match="no such file"):
        audio.examine(tmp_path / "nowhere.wav")


def test_a_long_sound_is_drawn_with_few_values_and_a_knock_leaves_speech_visible(tmp_path):
    whole = tone(60, level=0.1)
    whole[20 * RATE : 40 * RATE] = 0.0
    whole[10 * RATE : 10 * RATE + 100] = 1.0
    peaks = np.array(audio.examine(write(tmp_path / "a.wav", whole[None], RATE, "pcm_s16le")).peaks)
    assert audio.PEAKS / 2 < peaks.size <= audio.PEAKS
    third = peaks.size // 3
    assert peaks[third + 2 : 2 * third - 2].max() == 0.0
    assert peaks[:third].max() == 1.0
    assert np.median(peaks[2 * third + 2 :]) > 0.5


def test_silence_is_drawn_as_silence(tmp_path):
    silent = write(tmp_path / "a.wav", np.zeros((2, 2 * RATE), np.float32), RATE, "pcm_s16le")
    assert set(audio.examine(silent).peaks) == {0.0}
