from __future__ import annotations

from dataclasses import replace

import pytest

from models.engines import dialogue_reader
from models.errors import WeightsMissing
from models.ports import MOVES, Reading
from models.schema import ACTS, Transcript, Word
from models.stages import clauses
from tests.models.stages.talks import reader, talk

pytestmark = pytest.mark.models

LINES = """m: How did the first month on the new desk go?
e: Good, I think. We closed forty tickets.
m: Could you send me the customer list by Friday?
e: Okay, I'll send it on Thursday.
m: Great, thank you.
e: I still can't write macros, to be honest."""


def reading(transcript: Transcript) -> Reading:
    return reader().read(transcript, clauses.of(transcript))


def test_every_turn_and_clause_is_read_with_probabilities():
    found = reading(talk(LINES))

    assert [label.turn for label in found.turns] == list(range(6))
    assert len(found.clauses) == len(clauses.of(talk(LINES)))
    for label in found.turns:
        assert tuple(label.acts) == ACTS
        assert all(0 <= p <= 1 for p in label.acts.values())
        assert sum(label.tone.values()) == pytest.approx(1, abs=1e-4)
    for clause in found.clauses:
        assert tuple(clause.moves) == MOVES
        assert all(0 <= p <= 1 for p in (*clause.moves.values(), clause.holds, clause.by_speaker))
        assert 0 <= sum(clause.earlier.values()) <= 1 + 1e-4
        assert clause.moving or not clause.earlier


def test_what_a_clause_goes_on_with_came_before_it_and_moves_too():
    found = reading(talk(LINES)).clauses

    for number, clause in enumerate(found):
        assert all(k < number and found[k].moving for k in clause.earlier)


def test_a_request_and_a_promise_are_told_apart():
    transcript = talk(LINES)
    by_text = {c.text: r for c, r in zip(clauses.of(transcript), reading(transcript).clauses, strict=True)}
    asked = next(r for text, r in by_text.items() if text.startswith("Could you send"))
    promised = next(r for text, r in by_text.items() if text.startswith("I'll send"))

    assert max(asked.moves, key=lambda move: asked.moves[move]) == "ask"
    assert max(promised.moves, key=lambda move: promised.moves[move]) in ("commit", "accept")
    assert asked.by_speaker < 0.5 < promised.by_speaker


def test_nothing_of_the_sound_counts():
    plain = talk(LINES)
    turns = tuple(
        replace(t, start_s=3.0 * t.i, end_s=900.0, words=(Word("hm", 0.0, 60.0, 0.001),)) for t in plain.turns
    )

    assert reading(replace(plain, turns=turns)) == reading(plain)


def test_an_empty_talk_is_read_as_nothing():
    assert reading(replace(talk("m: a"), turns=())) == Reading((), ())


def test_a_turn_of_marks_only_does_no_harm():
    assert len(reading(talk("m: ...\ne: \N{ZERO WIDTH SPACE}?!\nm: Okay.")).turns) == 3


def test_missing_weights_are_named(fetched, tmp_path):
    with pytest.raises(WeightsMissing, match="dialogue_reader"):
        dialogue_reader.load(fetched("e5-small"), 1, tmp_path / "dialogue_reader.safetensors")


def test_in_a_long_meeting_a_move_is_compared_with_the_moves_before_it_only(monkeypatch: pytest.MonkeyPatch):
    transcript = talk("\n".join([LINES] * 8))
    whole = [clause.earlier for clause in reading(transcript).clauses]
    monkeypatch.setattr(dialogue_reader, "LOOK_BACK", 5)
    parts = [clause.earlier for clause in reading(transcript).clauses]

    assert max(map(len, whole)) > 10 >= max(map(len, parts))
    some = [k for k, earlier in enumerate(whole) if 0 < len(earlier) < 5]
    assert some
    for k in some:
        assert parts[k] == pytest.approx(whole[k], abs=1e-5)


def test_the_words_that_sound_sharpest_are_words_of_the_turn():
    transcript = talk(LINES + "\nm: The desk is fine, but you never listen, do you, and you are so careless.")
    found = reading(transcript).turns

    for turn, labels in zip(transcript.turns, found, strict=True):
        assert set(labels.sharpest) == {"critical", "defensive"}
        assert all(words in turn.text and 0 <= share <= 1 for words, share in labels.sharpest.values())
