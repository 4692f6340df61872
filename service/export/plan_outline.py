"""A development plan as sections of paragraphs, points and tables, for Markdown, DOCX and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from models.plans import ChosenOption, DevelopmentPlan, GrowPlan, Step
from models.schema import Participant
from models.wording import Wording
from service.domain.follow_up import ItemStatus
from service.domain.names import in_words
from service.export.outline import Outline, Point, Section, Table
from service.export.plain_text import clean

WORDING = Wording.beside(__file__, "plan_headings.toml")
_NONE: Mapping[str, ItemStatus] = MappingProxyType({})


class PlanPages:
    """One plan in words. `people` give the names; without them there are only employee and manager.

    `statuses`: step -> what became of it, once the plan is confirmed.
    """

    def __init__(
        self,
        plan: DevelopmentPlan,
        people: Sequence[Participant] = (),
        statuses: Mapping[str, ItemStatus] = _NONE,
    ) -> None:
        self.plan = plan
        self.statuses = statuses
        self._names = {person.id: clean(person.name) for person in people}

    def outline(self) -> Outline:
        """The whole plan; until it is confirmed, marked as a suggestion."""
        plan = self.plan
        return Outline(
            title=f"{self.say('title')}{self.say('colon')}{clean(plan.id)}",
            notice=self.notice,
            colon=self.say("colon"),
            facts=(
                (self.say("person"), self._names.get(plan.person) or self.say("unnamed", id=plan.person)),
                (self.say("conversation"), clean(plan.date)),
                (self.say("on"), plan.on),
                (self.say("review"), self.say("next_check_in", date=plan.review_on)),
            ),
            sections=tuple(self._section(one, clean(one.skill)) for one in plan.plan),
        )

    @property
    def notice(self) -> str:
        """Whether anybody has confirmed it."""
        return self.say("notice_confirmed" if self.plan.confirmed else "notice")

    def within_minutes(self) -> tuple[Section, ...]:
        """The sections, each with a title that says what it is."""
        return tuple(
            self._section(one, self.say("plan_for", skill=clean(one.skill))) for one in self.plan.plan
        )

    def say(self, key: str, **values: object) -> str:
        """A line of plan_headings.toml in the language of the minutes."""
        return WORDING.say(key, self.plan.minutes_language, **values)

    def who(self, step: Step) -> str:
        """Who does a step: the part first, so that no name stands at the start of a cell."""
        name = self._names.get(step.owner or "")
        return f"{self.say(step.who)}{self.say('colon')}{name}" if name else self.say(step.who)

    def _section(self, one: GrowPlan, title: str) -> Section:
        said = "reality_said" if one.evidence else "reality_unsaid"
        said = "reality_confirmed" if self.plan.confirmed else said
        quotes = tuple(f"“{clean(e.quote)}” — {self.say('turn', i=e.turn)}" for e in one.evidence)
        # Readers of minutes who may not see ratings and gaps have neither goal nor reality.
        shown = not self.plan.confirmed or one.goal or one.reality
        points = (
            *([Point(self.say("goal", text=clean(one.goal)))] if shown else []),
            *([Point(self.say(said, text=clean(one.reality)), quotes)] if shown else []),
            Point(self.say("options"), tuple(self._option(option) for option in one.options)),
            Point(self.say("will")),
        )
        header = tuple(self.say(f"column_{name}") for name in ("step", "who", "what", "when", "measure"))
        return Section(title, [*points, Table(header, tuple(map(self._row, one.will)))])

    def _option(self, option: ChosenOption) -> str:
        facts = self.say("comma").join(self._facts(option))
        more = " ".join(filter(None, (clean(option.description), clean(option.link or ""))))
        key = "option_more" if more else "option"
        return self.say(key, title=clean(option.title), facts=facts, step=option.step, more=more)

    def _facts(self, option: ChosenOption) -> Iterator[str]:
        known = f"kind_{option.kind}" in WORDING.table
        yield self.say(f"kind_{option.kind}") if known else clean(option.kind)
        if option.effort_hours:
            yield self.say("hours", hours=f"{option.effort_hours:g}")
        if option.cost:
            yield self.say("cost", cost=f"{option.cost:,.10g}")
        if option.person:
            yield self.say("with", person=clean(option.person))

    def _row(self, step: Step) -> tuple[str, ...]:
        when = self.say("by", due=step.due)
        if step.kind == "review":
            when = self.say("day", due=step.due)
        elif step.starts:
            when = self.say("from_to", starts=step.starts, due=step.due)
        status = self.statuses.get(step.id, ItemStatus.open)
        if status is not ItemStatus.open:
            when += self.say("comma") + in_words(status, self.plan.minutes_language)
        return (step.id, self.who(step), clean(step.task), when, clean(step.measure))
