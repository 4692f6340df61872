"""The transcript as SubRip captions with the names of the speakers."""

from __future__ import annotations

from models.schema import Transcript
from service.export.plain_text import clean


def to_srt(transcript: Transcript) -> str:
    """One caption a turn; turns without a start are left out: nobody knows when to show them."""
    names = {person.id: clean(person.name) or person.id for person in transcript.participants}
    timed = [(turn, turn.start_s) for turn in transcript.turns if turn.start_s is not None]
    captions = []
    for number, (turn, start_s) in enumerate(timed, start=1):
        following = timed[number][1] if number < len(timed) else start_s + 5.0
        end_s = turn.end_s if turn.end_s is not None else max(start_s, following)
        # "-->" inside a caption would be read as a new time line.
        said = f"{names.get(turn.speaker, turn.speaker)}: {clean(turn.text)}".replace("-->", "→")
        captions.append(f"{number}\n{_time(start_s)} --> {_time(end_s)}\n{said}\n")
    return "\n".join(captions)


def _time(time_s: float) -> str:
    """Seconds as HH:MM:SS,mmm."""
    whole, milliseconds = divmod(round(time_s * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{second:02},{milliseconds:03}"
