"""The summary in a language model's words, from the checked facts alone; sentences beyond them are left out.

The model never sees the talk here. Where too little is left, the default engine's summary stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from models.errors import TextTooLong
from models.parsing.answer_schema import summary_schema
from models.parsing.answers import one_line, parse_summary
from models.ports import TextGenerator
from models.schema import Language, StepProvenance, Transcript
from models.stages.extract import Extraction
from models.stages.llm_fence import bare, fence
from models.stages.llm_wording import is_supported
from models.stages.spoken_orders import orders_in
from models.stages.summarise import summary
from models.stages.veil import MARK, Veil
from models.stages.words import content_words
from models.wording import Wording
from prompts import render_prompt

WORDING = Wording.beside(__file__, "llm_minutes.toml")
PROMPT = "summary.{language}.v1.jinja"
ANSWER_TOKENS = 500
MOST_SENTENCES = 5
MOST_FACTS = 40
"""The rest is in the draft, but not in its summary."""
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\u201c\"'@])|(?<=[\u3002\uff01\uff1f])")


def word_summary(
    transcript: Transcript,
    extraction: Extraction,
    generator: TextGenerator,
    language: Language,
    veil: Veil,
    dropped: Counter[str],
) -> tuple[str, StepProvenance]:
    """(summary, its provenance): the model's when it says something the facts hold, else the default's.

    A model cannot be held to facts in another language than its sentences, so then it is not asked.
    """
    ours = summary(transcript, extraction, language)
    default = StepProvenance("default")
    facts = list(_facts(transcript, extraction, language))[:MOST_FACTS]
    if not facts or transcript.language != language:
        return ours, default
    lines = [bare(veil.hide(fact).text) for fact in facts]
    codes = ", ".join(MARK + veil.code(p.id) for p in transcript.participants) if veil.hiding else '"m", "e"'
    prompt = render_prompt(PROMPT.format(language=language), fence=fence(lines), lines=lines, codes=codes)
    try:
        told = generator.generate(prompt.instructions, prompt.data, summary_schema(), ANSWER_TOKENS)
    except TextTooLong:
        return ours, default
    names = " ".join(person.name for person in transcript.participants)
    kept = _kept(veil.show(parse_summary(told.text)), " ".join(facts), names, dropped)
    if not kept:
        return ours, default
    text = ("" if language == "zh" else " ").join(kept)
    return text, replace(generator.provenance, engine="llm", prompt_sha256=prompt.sha256)


def _facts(transcript: Transcript, extraction: Extraction, language: Language) -> Iterator[str]:
    """The checked contents of the draft, a line each, the most important first."""
    for agreement in extraction.agreements:
        yield WORDING.say("fact_agreed", language, what=agreement.text)
    for item in extraction.action_items:
        person = transcript.participant(item.owner) if item.owner else None
        who = (person.name or person.id) if person else WORDING.say("fact_nobody", language)
        key = "fact_task_by" if item.due else "fact_task"
        yield WORDING.say(key, language, who=who, what=item.task, due=item.due)
    for point in extraction.points:
        yield WORDING.say("fact_point", language, what=point.text)


def _kept(told: str, facts: str, names: str, dropped: Counter[str]) -> list[str]:
    """The sentences that the facts hold and that give no orders; the others are counted."""
    sentences = [one_line(sentence) for sentence in _END.split(told) if sentence.strip()]
    kept = [s for s in sentences[:MOST_SENTENCES] if is_supported(s, facts, names) and not orders_in(s)]
    if len(kept) < len(sentences):
        dropped["summary_not_said"] += len(sentences) - len(kept)
    enough = len(content_words(" ".join(kept))) >= 3
    return kept if enough else []
