from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

from models.engines.export import CAMPPLUS_METADATA, SEGMENTATION_METADATA, export, fixed_input
from models.engines.networks.campplus import CamPlusPlus
from models.engines.networks.encoder import Encoder
from models.engines.networks.pyannet import SPEAKER_SETS, PyanNet
from models.errors import EngineFailed


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def test_ten_seconds_give_589_frames_of_probabilities():
    torch.manual_seed(0)
    with torch.inference_mode():
        answer = PyanNet().eval()(fixed_input(2, 1, 160_000))
    assert answer.shape == (2, 589, len(SPEAKER_SETS))
    assert torch.allclose(answer.exp().sum(-1), torch.ones(2, 589), atol=1e-5)


def test_a_frame_sees_nothing_after_its_receptive_field_but_through_the_lstm():
    """The convolutions see 991 samples every 270: what changes later does not change the frame."""
    torch.manual_seed(0)
    network = PyanNet().eval().sincnet
    # Instance normalisation looks at everything, so it is taken out.
    network.wav_norm1d = torch.nn.Identity()
    network.norm1d = torch.nn.ModuleList([torch.nn.Identity() for _ in range(3)])
    audio = fixed_input(1, 1, 16_000)
    changed = audio.clone()
    changed[..., 270 * 10 + 991 :] += 1
    with torch.inference_mode():
        before, after = network(audio), network(changed)
    assert torch.equal(before[..., :11], after[..., :11])
    assert not torch.equal(before[..., 11], after[..., 11])


def test_a_voice_vector_does_not_depend_on_its_neighbours_in_the_batch():
    torch.manual_seed(0)
    network = CamPlusPlus().eval()
    features = fixed_input(3, 250, 80)
    with torch.inference_mode():
        together, alone = network(features), network(features[1:2])
    assert together.shape == (3, 192)
    assert torch.allclose(together[1:2], alone, atol=1e-4)


def test_padding_does_not_change_the_hidden_states_of_the_tokens():
    torch.manual_seed(0)
    network = Encoder(hidden=32, depth=2, heads=4, feed_forward=64, positions=40).eval()
    words = fixed_input(1, 30, 32)
    mask = torch.ones(1, 30)
    mask[:, 20:] = 0
    with torch.inference_mode():
        padded, alone = network(words, mask), network(words[:, :20], mask[:, :20])
    assert torch.allclose(padded[:, :20], alone, atol=1e-5)


def test_an_exported_network_takes_any_length_and_carries_its_metadata(tmp_path):
    torch.manual_seed(0)
    network = CamPlusPlus()
    export(network, tmp_path / "c.onnx", {"x": (0, 1)}, [(fixed_input(1, 120, 80),)], CAMPPLUS_METADATA)
    assert [path.name for path in tmp_path.iterdir()] == ["c.onnx"]
    loaded = session(tmp_path / "c.onnx")
    assert loaded.get_modelmeta().custom_metadata_map == CAMPPLUS_METADATA
    for frames in (30, 100, 301):
        features = fixed_input(2, frames, 80)
        with torch.inference_mode():
            expected = network(features).numpy()
        assert np.abs(loaded.run(None, {"x": features.numpy()})[0] - expected).max() < 1e-4


def test_a_network_that_answers_differently_after_export_is_refused(tmp_path):
    class Noisy(torch.nn.Module):
        def forward(self, x):
            return x + torch.rand_like(x)

    with pytest.raises(EngineFailed, match=r"n\.onnx"):
        export(Noisy(), tmp_path / "n.onnx", {"x": (0,)}, [(fixed_input(1, 5),)], {})
    assert not list(tmp_path.iterdir())


def test_long_metadata_are_encoded_rightly(tmp_path):
    metadata = {**SEGMENTATION_METADATA, "note": "长" * 5000}
    export(torch.nn.Linear(3, 3), tmp_path / "n.onnx", {"x": (0,)}, [(fixed_input(1, 3),)], metadata)
    assert session(tmp_path / "n.onnx").get_modelmeta().custom_metadata_map == metadata


@pytest.mark.models
def test_the_real_segmentation_finds_no_speech_in_silence_and_noise(fetched):
    loaded = session(fetched("segmentation-3.0").path("segmentation-3.0") / "segmentation.onnx")
    for audio in (np.zeros((1, 1, 160_000), np.float32), fixed_input(1, 1, 160_000).numpy() * 0.01):
        (answer,) = loaded.run(None, {"x": audio})
        assert (answer[0].argmax(-1) == 0).mean() > 0.95


@pytest.mark.models
def test_the_real_campplus_is_ready_for_sherpa(fetched):
    loaded = session(fetched("campplus").path("campplus") / "campplus.onnx")
    assert loaded.get_modelmeta().custom_metadata_map == CAMPPLUS_METADATA
    (vectors,) = loaded.run(None, {"x": fixed_input(2, 200, 80).numpy()})
    assert vectors.shape == (2, 192) and np.isfinite(vectors).all()
