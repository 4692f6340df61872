"""What Rapport holds about a person (`rapport.my-data/1`) as Markdown for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.wording import Wording
from service.export.markdown import markdown_of
from service.export.outline import Outline, Point, Section
from service.export.plain_text import clean

WORDING = Wording.beside(__file__, "my_data.toml")


def to_markdown(data: Mapping[str, Any], language: str) -> str:
    """The same content as the JSON document, without ids and numbers."""
    person = data["person"]
    facts = (
        (_say("made_at", language), data["made_at"]),
        (_say("name", language), clean(person["display_name"])),
        (_say("email", language), clean(person["email"] or "")),
    )
    sections = [_meeting(one, language) for one in data["meetings"]]
    looks = [
        Point(_say("look", language, day=one["day"], name=clean(one["viewer_name"]), thing=one["thing"]))
        for one in data["looks"]
    ]
    if looks:
        sections.append(Section(_say("looks", language), looks))
    return markdown_of(
        Outline(
            _say("title", language),
            _say("notice", language),
            _say("colon", language),
            facts,
            tuple(sections),
        )
    )


def _meeting(one: Mapping[str, Any], language: str) -> Section:
    title = _say("meeting", language, day=one["held_on"], state=one["state"])
    lines = [Point(_say("consent", language, state=one["consent"]))]
    for minutes in one["minutes"]:
        text = clean(minutes["summary"])
        lines.append(Point(_say("minutes", language, version=minutes["version"], text=text)))
        lines += [Point(_say("task", language, text=clean(i["task"]))) for i in minutes["action_items"]]
        lines += [Point(_say("agreement", language, text=clean(i["text"]))) for i in minutes["agreements"]]
    for answer in one["my_answers"]:
        comment = clean(answer.get("comment", ""))
        words = {"version": answer["version"], "verdict": answer["verdict"], "comment": comment}
        lines.append(Point(_say("answer", language, **words)))
    lines += [Point(_say("turn", language, text=clean(i["text"]))) for i in one.get("my_turns", ())]
    flags = one.get("tone_flags_on_my_turns", ())
    lines += [Point(_say("hint", language, why=clean(flag["why"]))) for flag in flags]
    return Section(title, lines)


def _say(key: str, language: str, **values: object) -> str:
    return WORDING.say(key, language, **values)
