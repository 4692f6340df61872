"""A language model in a folder of this machine, run by transformers: config, tokenizer and safetensors.

Only those are read: no pickle is opened and no code of the folder is run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.errors import LanguageModelRefused, TextTooLong
from models.ports import Generated
from models.schema import StepProvenance


class LocalLanguageModel:
    """TextGenerator over a loaded model; always takes the likeliest token, so answers repeat."""

    def __init__(self, name: str, model: Any, tokenizer: Any, context_tokens: int) -> None:
        self._name = name
        self._model = model
        self._tokenizer = tokenizer
        self.context_tokens = context_tokens

    @property
    def provenance(self) -> StepProvenance:
        """The name of the folder: its path would say who uses it."""
        return StepProvenance("transformers", model=self._name)

    def generate(
        self, instructions: str, data: str, json_schema: dict[str, object], answer_tokens: int
    ) -> Generated:
        """One answer. The schema is only described in the instructions. Raises TextTooLong."""
        import torch

        messages = [{"role": "system", "content": instructions}, {"role": "user", "content": data}]
        prompt = self._tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        )
        length = prompt["input_ids"].shape[1]
        if length + answer_tokens > self.context_tokens:
            raise TextTooLong("text_too_long")
        with torch.inference_mode():
            told = self._model.generate(
                **prompt,
                max_new_tokens=answer_tokens,
                do_sample=False,
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id,
            )
        new = told[0][length:]
        text = self._tokenizer.decode(new, skip_special_tokens=True)
        return Generated(text, len(new) >= answer_tokens)


def load(folder: Path, name: str, context_tokens: int, threads: int) -> LocalLanguageModel:
    """For the registry. Raises LanguageModelRefused for a folder without such a model."""
    if not (folder / "config.json").is_file() or not list(folder.glob("*.safetensors")):
        raise LanguageModelRefused("llm_folder", path=folder)
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(threads)
    only_data = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **only_data)
        model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, dtype="auto", **only_data)
    except (OSError, ValueError, KeyError) as error:
        raise LanguageModelRefused("llm_folder", path=folder) from error
    if not tokenizer.chat_template:
        raise LanguageModelRefused("llm_folder", path=folder)
    longest = getattr(model.config, "max_position_embeddings", None) or context_tokens
    return LocalLanguageModel(name, model.float().eval(), tokenizer, min(longest, context_tokens))
