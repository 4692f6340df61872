"""A GGUF file as the folder that transformers loads: tensors as bfloat16, tokenizer, chat template."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from models.errors import NotInstalled


def export_gguf(source: Path, target: Path) -> None:
    """Write config.json, model.safetensors and the tokenizer's files of a Llama model into a folder.

    Raises NotInstalled without the extra "llm".
    """
    if not (find_spec("gguf") and find_spec("accelerate")):
        raise NotInstalled("extra_missing", extra="llm")
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

    file = {"gguf_file": source.name, "local_files_only": True}
    tokenizer = AutoTokenizer.from_pretrained(source.parent, **file)
    packed = AutoModelForCausalLM.from_pretrained(source.parent, dtype=torch.bfloat16, **file)
    fields = {key: value for key, value in packed.config.to_dict().items() if key != "quantization_config"}
    plain = LlamaForCausalLM(LlamaConfig(**fields)).to(torch.bfloat16)
    plain.load_state_dict(packed.state_dict(), strict=True)
    plain.save_pretrained(target)
    tokenizer.save_pretrained(target)
