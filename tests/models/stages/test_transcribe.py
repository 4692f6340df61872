from __future__ import annotations

import numpy as np
import pytest

from models.errors import UnknownLanguage
from models.ports import Segment
from models.schema import SpeakerSpan, Word
from models.stages import transcribe
from models.stages.languages import smooth_languages
from models.stages.transcribe import transcribe_window

AUDIO = np.zeros(16_000 * 30, np.float32)


class Ears:
    """Hears `speech`; `says(start, end, language, careful)` is what comes back for a piece."""

    def __init__(self, speech, says, languages=None):
        self.speech, self.says, self.languages = speech, says, languages
        self.asked: list[tuple[float, float, str, bool]] = []

    def detect(self, audio):
        return self.speech

    def detect_languages(self, audio, pieces):
        return [self.languages(start) if self.languages else {"en": 1.0} for start, _ in pieces]

    def transcribe(self, audio, pieces, languages, careful=False):
        self.asked += [(*p, c, careful) for p, c in zip(pieces, languages, strict=True)]
        return [self.says(*p, c, careful) for p, c in zip(pieces, languages, strict=True)]


def evenly(text, start, end, language="en", logprob=-0.2, no_speech=0.0):
    parts = [" " + w for w in text.split()]
    step = (end - start) / max(1, len(parts))
    words = tuple(Word(w, i * step, (i + 1) * step, 0.9) for i, w in enumerate(parts))
    return Segment(language, words, logprob, no_speech)


def test_words_carry_times_of_the_recording():
    ears = Ears([(1.0, 3.0)], lambda a, b, c, k: evenly("we ship on Friday", a, b))
    found = transcribe_window(AUDIO, 100.0, [], ears, ears)
    assert [w.w.strip() for w in found.words] == ["we", "ship", "on", "Friday"]
    assert found.words[0].start_s >= 100.8
    assert found.words[-1].end_s <= 103.2
    assert found.uncovered_s == 0


def test_speech_that_the_first_text_left_out_is_asked_for_again():
    def says(start, end, code, careful):
        if end - start > 5:
            return evenly("the first half only of all this", start, start + 4)
        return evenly("and the promise at the end", start, end)

    ears = Ears([(1.0, 9.0)], says)
    found = transcribe_window(AUDIO, 0.0, [], ears, ears)
    assert "promise" in " ".join(w.w.strip() for w in found.words)
    assert found.uncovered_s < 1.0


def test_speech_that_stays_without_text_is_reported():
    ears = Ears(
        [(1.0, 9.0)], lambda a, b, c, k: evenly("short", a, a + 0.5) if b - a > 7.9 else evenly("", a, b)
    )
    assert transcribe_window(AUDIO, 0.0, [], ears, ears).uncovered_s > 5


@pytest.mark.parametrize(
    "made_up",
    [
        lambda a, b: evenly("thank you " * 60, a, b),
        lambda a, b: evenly("thanks for watching", a, b, logprob=-1.4),
        lambda a, b: evenly("please subscribe", a, b, logprob=-0.8, no_speech=0.9),
    ],
)
def test_invented_text_is_dropped_and_counted(made_up):
    ears = Ears([(1.0, 4.0)], lambda a, b, c, k: made_up(a, b))
    found = transcribe_window(AUDIO, 0.0, [], ears, ears)
    assert found.words == ()
    assert found.dropped_s > 2.5
    assert found.uncovered_s > 2.5


def test_a_doubtful_piece_gets_a_second_careful_try():
    def says(a, b, code, careful):
        return evenly("we agreed on the twelfth", a, b) if careful else evenly("the the " * 50, a, b)

    ears = Ears([(1.0, 4.0)], says)
    found = transcribe_window(AUDIO, 0.0, [], ears, ears)
    assert "".join(w.w for w in found.words).strip() == "we agreed on the twelfth"
    assert [careful for *_, careful in ears.asked] == [False, True]


def test_silence_asks_the_recogniser_for_nothing():
    ears = Ears([], lambda *a: pytest.fail("asked"))
    assert transcribe_window(AUDIO, 0.0, [], ears, ears).words == ()


def test_each_speakers_stretch_has_its_own_language():
    ears = Ears(
        [(1.0, 9.0)],
        lambda a, b, c, k: evenly("好 的" if c == "zh" else "fine", a, b, c),
        lambda start: {"zh": 0.97, "en": 0.02} if start >= 5 else {"en": 0.95, "zh": 0.03},
    )
    speakers = [SpeakerSpan(1.0, 5.0, "s1"), SpeakerSpan(5.0, 9.0, "s2")]
    transcribe_window(AUDIO, 0.0, speakers, ears, ears)
    assert [(round(a), c) for a, _, c, careful in ears.asked][:2] == [(1, "en"), (5, "zh")]


def test_a_short_mm_takes_the_language_around_it():
    heard = [{"en": 0.95}, {"zh": 0.6, "en": 0.3}, {"en": 0.97}]
    assert smooth_languages(heard, [4.0, 0.5, 4.0]) == ["en", "en", "en"]
    assert smooth_languages([{"en": 0.95}, {"zh": 0.99}, {"en": 0.97}], [4, 4, 4]) == [
        "en",
        "zh",
        "en",
    ]


def test_pieces_stay_short_and_of_one_language():
    stretches = [(0.0, 10.0), (10.5, 20.0), (20.5, 30.0), (31.0, 95.0)]
    pieces, codes = transcribe.pack(stretches, ["en", "en", "zh", "zh"])
    assert all(b - a <= transcribe.MAX_PIECE_S + 1e-6 for a, b in pieces)
    assert pieces[0] == (0.0, 10.0)
    assert codes[:3] == ["en", "en", "zh"]
    assert pieces[-1][1] == 95.0


def test_a_speaker_change_without_a_pause_does_not_end_a_piece():
    stretches = [(0.0, 9.0), (10.0, 14.0), (14.0, 20.0), (21.0, 25.0)]
    pieces, _ = transcribe.pack(stretches, ["en"] * 4)
    assert pieces == [(0.0, 9.0), (10.0, 25.0)]


def test_traditional_characters_come_out_simplified():
    ears = Ears(
        [(1.0, 3.0)], lambda a, b, c, k: evenly("看著 這個 報價單", a, b, "zh"), lambda s: {"zh": 1.0}
    )
    found = transcribe_window(AUDIO, 0.0, [], ears, ears)
    assert "".join(w.w.strip() for w in found.words) == "看着这个报价单"


def test_other_languages_are_refused_by_name():
    ears = Ears([(0.0, 25.0)], lambda *a: pytest.fail("asked"), lambda start: {"de": 0.95, "en": 0.02})
    with pytest.raises(UnknownLanguage, match="de"):
        transcribe_window(AUDIO, 0.0, [], ears, ears)
    with pytest.raises(UnknownLanguage, match="fr"):
        transcribe_window(AUDIO, 0.0, [], ears, ears, "fr")
