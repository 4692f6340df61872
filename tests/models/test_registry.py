from __future__ import annotations

import subprocess
import sys

import pytest

from models import registry
from models.errors import WeightsMissing
from models.ports import Embedder


def test_engines_say_what_to_fetch_when_they_are_used_without_weights(tmp_path):
    engines = registry.Engines(tmp_path, threads=1)
    with pytest.raises(WeightsMissing, match="rapport models fetch e5-small"):
        _ = engines.embedder
    with pytest.raises(WeightsMissing, match="rapport models fetch e5-small"):
        _ = engines.reader


def test_naming_engines_loads_none_of_their_libraries(tmp_path):
    code = (
        "import sys; from pathlib import Path; from models.registry import Engines;"
        f"Engines(Path({str(tmp_path)!r}), 1);"
        "print([name for name in ('torch', 'onnxruntime', 'ctranslate2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.models
def test_an_engine_is_loaded_once(fetched):
    engines = registry.Engines(fetched("e5-small").root, threads=1)
    embedder: Embedder = engines.embedder
    assert embedder is engines.embedder
    assert embedder.embed(["hello"]).shape == (1, 384)
