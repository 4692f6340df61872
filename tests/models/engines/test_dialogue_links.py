from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load_file

from models.engines import dialogue_links as links
from models.engines.dialogue_reader import LINKED, WEIGHTS
from models.stages import clauses
from tests.models.stages.talks import talk


def shares(lines: str, moving: list[int]) -> np.ndarray:
    """Links as the shipped network gives them, between clauses with the same vector and no certain move."""
    said = clauses.of(talk(lines))
    weights = {name: tensor.astype(np.float32) for name, tensor in load_file(WEIGHTS).items()}
    vectors = np.zeros((len(moving), 768), np.float32)
    moves = np.full((len(moving), LINKED), 0.2, np.float32)
    return links.antecedents(vectors, moves, links.features(said, moving), weights)


LINES = """m: Could you send the customer list?
e: Okay.
m: How is the weather?
m: And could you water the plants?
e: The customer list will be long."""


def test_a_move_goes_on_with_an_earlier_one_or_opens_a_task():
    found = shares(LINES, [0, 1, 3, 4])

    assert found.shape == (4, 5)
    assert found.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert found[0, 0] == pytest.approx(1.0)
    assert np.triu(found[:, 1:]).max() < 1e-6


def test_shared_rare_words_draw_a_move_to_what_it_speaks_of():
    found = shares(LINES, [0, 3, 4])

    assert found[2, 1] > found[2, 2]


def test_comparison_sees_distance_speaker_and_words():
    said = clauses.of(talk(LINES))
    compared = links.features(said, [0, 1, 4])

    assert compared.shape == (3, 3, links.FEATURES)
    assert compared[1, 0, 1] == 1.0  # one turn apart
    assert compared[2, 0, 15] > compared[1, 0, 15]  # "customer list" again
    assert not compared[0].any()
