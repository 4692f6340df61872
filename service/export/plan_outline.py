"""A development plan as sections of paragraphs, points and tables, for Markdown, DOCX and the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from models.plans import ChosenOption, DevelopmentPlan, GrowPlan, Step
from models.schema import Participant
from models.wording import Wording
from service.export.outline import Outline, Point, Section, Table
from service.export.plain_text import clean

WORDING = Wording.beside(__file__, "plan_headings.toml")


class PlanPages:
    """One plan in words. `people` give the names; without them there are only employee and manager."""

    def __init__(self, plan: DevelopmentPlan, people: Sequence[Participant] = ()) -> None:
        self.plan = plan
        self._names = {person.id: clean(person.name) for person in people}

    def outline(self) -> Outline:
        """The whole plan, marked as a suggestion."""
        plan = self.plan
        return Outline(
            title=f"{self.say('title')}{self.say('colon')}{clean(plan.id)}",
            notice=self.say("notice"),
            colon=self.say("colon"),
            facts=(
                (self.say("person"), self._names.get(plan.person) or self.say("unnamed", id=plan.person)),
                (self.say("conversation"), clean(plan.date)),
                (self.say("on"), plan.on),
                (self.say("review"), self.say("next_check_in", date=plan.review_on)),
            ),
            sections=tuple(self._section(one) for one in plan.plan),
        )

    def say(self, key: str, **values: object) -> str:
        """A line of plan_headings.toml in the language of the minutes."""
        return WORDING.say(key, self.plan.minutes_language, **values)

    def who(self, step: Step) -> str:
        """Who does a step: the part first, so that no name stands at the start of a cell."""
        name = self._names.get(step.owner or "")
        return f"{self.say(step.who)}{self.say('colon')}{name}" if name else self.say(step.who)

    def _section(self, one: GrowPlan) -> Section:
        said = "reality_said" if one.evidence else "reality_unsaid"
        quotes = tuple(f"“{clean(e.quote)}” — {self.say('turn', i=e.turn)}" for e in one.evidence)
        points = (
            Point(self.say("goal", text=clean(one.goal))),
            Point(self.say(said, text=clean(one.reality)), quotes),
            Point(self.say("options"), tuple(self._option(option) for option in one.options)),
            Point(self.say("will")),
        )
        header = tuple(self.say(f"column_{name}") for name in ("step", "who", "what", "when", "measure"))
        return Section(clean(one.skill), [*points, Table(header, tuple(map(self._row, one.will)))])

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
        return (step.id, self.who(step), clean(step.task), when, clean(step.measure))
