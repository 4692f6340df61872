from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.schema import Turn
from models.stages.pieces import cut, halves, tokens

WORDS = st.text(st.sampled_from("ab ,.。我们下周"), max_size=400)
TALKS = st.lists(WORDS, max_size=25).map(lambda texts: [Turn(2 * i + 1, "m", t) for i, t in enumerate(texts)])


def covered(pieces):
    """Offsets by turn that some piece holds."""
    held: dict[int, set[int]] = {}
    for piece in pieces:
        for line in piece:
            assert line.text == line.turn.text[line.start : line.end]
            held.setdefault(line.turn.i, set()).update(range(line.start, line.end))
    return held


@given(TALKS, st.integers(60, 400))
def test_every_character_of_every_turn_is_in_some_piece_and_each_fits(turns, most):
    pieces = cut(turns, most)
    held = covered(pieces)
    assert {turn.i: set(range(len(turn.text))) for turn in turns if turn.text} == {
        i: places for i, places in held.items() if places
    }
    for piece in pieces:
        assert sum(line.tokens for line in piece) <= most


def test_neighbours_share_turns_so_that_no_acceptance_is_cut_off():
    turns = [Turn(i, "m", f"Turn number {i} says something.") for i in range(60)]
    pieces = cut(turns, 200)
    assert len(pieces) > 3
    for piece, following in pairwise(pieces):
        assert len({line.turn.i for line in piece} & {line.turn.i for line in following}) >= 1


def test_a_short_talk_is_one_piece_and_an_empty_one_none():
    assert len(cut([Turn(0, "m", "Hello.")], 500)) == 1
    assert cut([], 500) == []


def test_a_turn_longer_than_a_piece_is_cut_between_words():
    turn = Turn(0, "m", "word " * 1000)
    parts = [line for piece in cut([turn], 200) for line in piece]
    assert len(parts) > 5
    assert all(part.text.endswith(" ") for part in parts[:-1])


@given(TALKS.filter(bool), st.integers(60, 400))
def test_halves_hold_all_of_the_piece_and_are_smaller(turns, most):
    for piece in cut(turns, most):
        parts = halves(piece)
        if parts is not None:
            assert covered(parts) == covered([piece])
            size = sum(line.end - line.start + 1 for line in piece)
            assert all(sum(line.end - line.start + 1 for line in part) < size for part in parts)


def test_the_estimate_of_tokens_is_not_below_what_tokenizers_count():
    # Counted with the tokenizers of Qwen2.5 and SmolLM2; the estimate must not be lower.
    assert tokens("Could you send me the supplier report by Friday?") >= 11
    assert tokens("下周五之前把供应商报告发给我") >= 14
