from __future__ import annotations

from dataclasses import replace

import pytest

from models.engines import dialogue_windows as windows
from models.engines.dialogue_windows import Span, Windows
from models.schema import Participant, Transcript, Turn, Word
from models.stages import clauses
from models.stages.clauses import Clause
from tests.models.stages.talks import talk

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def tokenizer(fetched):
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(fetched("e5-small").path("e5-small") / "tokenizer.json"))


def read(span: Span, cut: Windows, tokenizer) -> str:
    return tokenizer.decode(list(cut.tokens[span.window][span.first : span.last]))


LINES = "m: Could you send me the list by Friday?\ne: Okay, I'll send it on Thursday.\nm: Great."


def test_spans_hold_the_words_of_their_turn_and_clause(tokenizer):
    transcript = talk(LINES)
    said = clauses.of(transcript)
    cut = windows.cut(transcript, said, tokenizer)

    assert [read(span, cut, tokenizer) for span in cut.turns] == [turn.text for turn in transcript.turns]
    for clause, span in zip(said, cut.clauses, strict=True):
        assert clause.text.rstrip(",.?") in read(span, cut, tokenizer)


def long_talk(turns: int, words: int) -> tuple[Transcript, list[Clause]]:
    people = (Participant("m", "manager", "Dana"), Participant("e", "employee", "Luis"))
    said = tuple(Turn(i, "me"[i % 2], f"number {i} " + "word " * words) for i in range(turns))
    transcript = Transcript("t", "en", "2026-05-05", people, said)
    return transcript, clauses.of(transcript)


@pytest.mark.parametrize(("turns", "words"), [(200, 12), (5, 2000), (1, 1)])
def test_a_window_never_exceeds_the_encoder_and_no_turn_is_lost(tokenizer, turns, words):
    transcript, said = long_talk(turns, words)
    cut = windows.cut(transcript, said, tokenizer)

    assert max(map(len, cut.tokens)) <= 512
    assert len(cut.turns) == turns and len(cut.clauses) == len(said)
    for number, span in enumerate(cut.turns):
        assert read(span, cut, tokenizer).startswith(f"number {number} ")


def test_a_turn_is_read_with_what_was_said_before_it(tokenizer):
    transcript, said = long_talk(60, 12)
    cut = windows.cut(transcript, said, tokenizer)

    later = [n for n, span in enumerate(cut.turns) if span.window == 1]
    before = tokenizer.decode(list(cut.tokens[1]))
    assert f"number {later[0] - 1} " in before


def test_roles_are_marked_and_nothing_but_text_and_roles_is_read(tokenizer):
    transcript = talk(LINES)
    said = clauses.of(transcript)
    plain = windows.cut(transcript, said, tokenizer)
    timed = replace(
        transcript,
        turns=tuple(
            replace(t, start_s=1.0, end_s=9.0, words=(Word(t.text, 1.0, 9.0, 0.1),)) for t in transcript.turns
        ),
    )
    nobody = replace(
        transcript, participants=tuple(replace(p, role="unknown") for p in transcript.participants)
    )

    assert "manager:" in tokenizer.decode(list(plain.tokens[0]))
    assert windows.cut(timed, said, tokenizer) == plain
    assert "manager:" not in tokenizer.decode(list(windows.cut(nobody, said, tokenizer).tokens[0]))
