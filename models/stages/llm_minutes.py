"""Action items, agreements and summary from a language model, after the checks of the default engine.

The talk goes out in overlapping pieces, names hidden when it leaves this machine, fenced as data. What comes
back is trusted in nothing: models/parsing/answers reads it, llm_checks tests every entry against the talk,
llm_merge makes one of what two pieces found. Everything else of a draft stays the default engine's.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from models.errors import AnswersUnusable, TextTooLong
from models.parsing.answer_schema import MAX_ASKED, minutes_schema
from models.parsing.answers import MinutesAnswer, parse_minutes
from models.ports import TextGenerator
from models.schema import Language, StepProvenance, Transcript
from models.stages.clauses import split_clauses
from models.stages.deadlines import Calendar
from models.stages.extract import Extraction
from models.stages.llm_checks import Checks
from models.stages.llm_fence import bare, fence
from models.stages.llm_merge import merge_agreements, merge_items
from models.stages.llm_summary import word_summary
from models.stages.pieces import Piece, cut, halves, tokens
from models.stages.veil import Veil
from prompts import Prompt, prompt_sha256, render_prompt

PROMPT = "minutes.{language}.v1.jinja"
MOST_ANSWER_TOKENS = 1600
MARGIN_TOKENS = 64
"""For the marks that a chat template puts around messages."""
MOST_HALVINGS = 2
"""A piece whose answer is of no use is asked for again in halves, and those once more."""


@dataclass(frozen=True, slots=True)
class Written:
    """What goes into the draft: extraction with the model's items, summary, and provenance by step."""

    extraction: Extraction
    summary: str
    provenance: dict[str, StepProvenance]


def write(
    transcript: Transcript,
    default: Extraction,
    generator: TextGenerator,
    language: Language,
    report: Callable[[float], None] = lambda share: None,
) -> Written:
    """Ask the model and check what it says; `default` gives the points and vouches for items.

    Raises AnswersUnusable when no answer could be read, TextTooLong, EndpointRefuses, EndpointUnavailable.
    """
    began = time.monotonic()
    veil = Veil(transcript.participants, hiding=generator.provenance.host is not None)
    asking = _Asking(transcript, generator, language, veil)
    answers = asking.all_pieces(lambda share: report(0.9 * share))
    calendar = Calendar(date.fromisoformat(transcript.date), None, None)
    turns = split_clauses(transcript.turns, calendar)
    checks = Checks(transcript, turns, veil, default.action_items, language)
    checks.dropped.update(asking.dropped)
    told = [(piece, item) for piece, answer in enumerate(answers) for item in answer.action_items]
    items = merge_items([one for piece, item in told if (one := checks.action_item(item, piece))], transcript)
    named = [agreement for answer in answers for agreement in answer.agreements]
    settled = merge_agreements([done for a in named if (done := checks.agreement(a))], items)
    extraction = Extraction(
        tuple(done.agreement for done in settled),
        tuple(one.item for one in items),
        default.points,
        {one.item.id: one.trail for one in items},
    )
    drafted = time.monotonic()
    honest = [p for p in default.points if not any(checks.grounds.has_orders(e.turn) for e in p.evidence)]
    summary, step = word_summary(
        transcript, replace(extraction, points=tuple(honest)), generator, language, veil, checks.dropped
    )
    step = replace(step, seconds=round(time.monotonic() - drafted, 2))
    provenance = {"draft": asking.provenance(round(drafted - began, 2)), "summarise": step}
    return Written(replace(extraction, dropped=dict(checks.dropped)), summary, provenance)


@dataclass(slots=True)
class _Asking:
    """The questions about one talk, and what became of them."""

    transcript: Transcript
    generator: TextGenerator
    language: Language
    veil: Veil
    dropped: Counter[str] = field(default_factory=Counter)
    unread: list[Piece] = field(default_factory=list)
    asked: int = 0

    def all_pieces(self, report: Callable[[float], None]) -> list[MinutesAnswer]:
        """An answer for every piece that got one. Raises AnswersUnusable when there was none at all."""
        answers: list[MinutesAnswer] = []
        # Hidden as whole turns: a cut could go through a name.
        sent = [replace(turn, text=self.veil.hide(turn.text).text) for turn in self.transcript.turns]
        pieces = cut(sent, self._budget()[0])
        for number, piece in enumerate(pieces):
            report(number / len(pieces))
            answers += self._answers(piece, MOST_HALVINGS)
        if pieces and not answers:
            raise AnswersUnusable("llm_answers_unusable")
        for answer in answers:
            self.dropped.update(answer.dropped)
        self.dropped.update({"unreadable_answer": len(self.unread)} if self.unread else {})
        return answers

    def provenance(self, seconds: float) -> StepProvenance:
        """Which model, which prompt, how many pieces, and the turns that no answer covers."""
        name = PROMPT.format(language=self.language)
        missing = (_turns(piece) for piece in self.unread)
        by = self.generator.provenance
        asked = (f"by {by.engine}", f"pieces asked: {self.asked}")
        notes = (*asked, *(f"no usable answer for {turns}" for turns in missing))
        return replace(by, engine="llm", prompt_sha256=prompt_sha256(name), seconds=seconds, notes=notes)

    def _answers(self, piece: Piece, halvings: int) -> list[MinutesAnswer]:
        """The answer about a piece; about its halves when it is too long, cut off, full or unreadable."""
        prompt = self._prompt(piece)
        parts = halves(piece) if halvings else None
        try:
            self.asked += 1
            schema = minutes_schema(self._codes())
            told = self.generator.generate(prompt.instructions, prompt.data, schema, self._budget()[1])
        except TextTooLong:
            if parts is None:
                raise
            return [answer for part in parts for answer in self._answers(part, halvings - 1)]
        answer = parse_minutes(told.text)
        full = answer is not None and max(len(answer.action_items), len(answer.agreements)) >= MAX_ASKED
        if parts is not None and (answer is None or told.cut or full):
            return [answer for part in parts for answer in self._answers(part, halvings - 1)]
        if answer is None or told.cut:
            self.unread.append(piece)
        return [answer] if answer is not None else []

    def _budget(self) -> tuple[int, int]:
        """(tokens for a piece, tokens for its answer) that the model's context has room for."""
        context = self.generator.context_tokens
        answer = min(MOST_ANSWER_TOKENS, context // 3)
        empty = self._prompt(())
        rest = context - answer - tokens(empty.instructions) - tokens(empty.data) - MARGIN_TOKENS
        if rest < context // 8:
            raise TextTooLong("text_too_long")
        return rest, answer

    def _prompt(self, piece: Piece) -> Prompt:
        lines = [
            {
                "turn": line.turn.i,
                "speaker": self.veil.code(line.turn.speaker),
                "text": bare(line.text),
            }
            for line in piece
        ]
        people = [
            {"code": self.veil.code(p.id), "role": p.role, "name": bare(self.veil.name(p.id))}
            for p in self.transcript.participants
        ]
        return render_prompt(
            PROMPT.format(language=self.language),
            fence=fence(line.text for line in piece),
            people=people,
            codes=", ".join(f'"{code}"' for code in self._codes()),
            lines=lines,
        )

    def _codes(self) -> list[str]:
        return [self.veil.code(person.id) for person in self.transcript.participants]


def _turns(piece: Piece) -> str:
    return f"turns {piece[0].turn.i} to {piece[-1].turn.i}"
