from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from eval import corpora
from eval.data import Data, group_words, read_rttm


def talk(name: str, split: str | None = None) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": name,
        "language": "en",
        "date": "2026-01-05",
        "participants": [{"id": "m", "role": "manager", "name": "Ann"}, {"id": "e", "role": "employee"}],
        "turns": [
            {"i": 0, "speaker": "m", "text": "Can you send it?", "tone": "neutral"},
            {"i": 1, "speaker": "e", "text": "Blame me then.", "tone": "defensive"},
        ],
        "minutes": {"action_items": [{"task": "Send", "owner": "e", "due": None, "turns": [0, 1]}]},
    }
    return fields if split is None else fields | {"split": split}


def put(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def test_only_the_split_that_was_asked_for_is_read(tmp_path: Path) -> None:
    put(tmp_path / "conversations/a.json", talk("a", "train"))
    put(tmp_path / "conversations/b.json", talk("b", "held_back"))
    data = Data(None, tmp_path)
    assert [c.transcript.id for c in data.conversations("held_back")] == ["b"]
    assert [c.transcript.id for c in data.conversations("all")] == ["a", "b"]
    (held,) = data.conversations("held_back")
    assert held.tone == ("neutral", "defensive")
    assert held.action_items[0].turns == {0, 1}
    assert held.agreements == ()


def test_a_recording_needs_sound_beside_its_words(tmp_path: Path) -> None:
    put(tmp_path / "recordings/a.json", talk("a"))
    put(tmp_path / "recordings/b.json", talk("b"))
    put(tmp_path / "recordings/a.times.json", [{"i": 0, "speaker": "m", "start_s": 0.5, "end_s": 2.0}])
    put(tmp_path / "recordings/a.ogg", "")
    (found,) = Data(None, tmp_path).own_recordings()
    assert (found.id, found.row, found.speakers) == ("a", "en/own", 1)
    assert (found.turns[0].start_s, found.turns[1].start_s) == (0.5, None)
    assert found.spans[0].end_s == 2.0


def test_without_public_data_there_is_nothing_public(tmp_path: Path) -> None:
    for data in (Data(None, tmp_path), Data(tmp_path, tmp_path)):
        assert data.checkins() == data.ami_clips() == data.mandarin_clips() == data.two_speaker() == []
        assert corpora.ami_action_items(data) == []
        assert corpora.calm_talk(data, 3, seed=0) == {}
        assert corpora.courses(data) is None


def test_rttm_times_are_start_and_end(tmp_path: Path) -> None:
    put(tmp_path / "x.rttm", "SPEAKER x 1 1.500 2.000 <NA> <NA> ann <NA> <NA>\n\n")
    (span,) = read_rttm(tmp_path / "x.rttm")["x"]
    assert (span.start_s, span.end_s, span.speaker) == (1.5, 3.5, "ann")


def word(text: str, start: float, speaker: str, punc: bool = False) -> dict[str, Any]:
    return {"w": text, "start": start, "end": start + 0.4, "speaker": speaker, "punc": punc}


def test_words_become_turns_at_changes_of_speaker_and_at_pauses() -> None:
    words = [
        word("so", 0.0, "a"),
        word(",", 0.4, "a", punc=True),
        word("well", 0.5, "a"),
        word("yes", 1.0, "b"),
        word("later", 9.0, "b"),
    ]
    assert [(t.speaker, t.text) for t in group_words(words)] == [
        ("a", "so well"),
        ("b", "yes"),
        ("b", "later"),
    ]
    assert group_words([]) == ()


def test_mandarin_clips_take_their_text_without_spaces(tmp_path: Path) -> None:
    put(tmp_path / "audio/zh_short/text", "clip1     甚至  出现\nclip2 换一首歌\n")
    assert [r.turns[0].text for r in Data(tmp_path, tmp_path).mandarin_clips()] == ["甚至出现", "换一首歌"]


def ami_meeting(split: str) -> dict[str, Any]:
    acts = [
        {"id": "1", "start": "0", "end": "1", "spk": "A", "role": "PM", "text": "{laugh}"},
        {
            "id": "2",
            "start": "1",
            "end": "2",
            "spk": "A",
            "role": "PM",
            "text": "{vocalsound} You draw it , okay ?",
        },
        {"id": "3", "start": "2", "end": "3", "spk": "B", "role": "ID", "text": "Fine ."},
    ]
    actions = [{"text": "*NA*", "das": ["3"]}, {"text": "The designer draws.", "das": ["2"]}]
    return {"meeting": f"M-{split}", "split": split, "actions": actions, "das": acts}


def test_ami_keeps_evaluation_meetings_without_noise_and_placeholders(tmp_path: Path) -> None:
    path = tmp_path / "ami/ami_minutes.train_eval.jsonl.gz"
    path.parent.mkdir()
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(ami_meeting(split)) + "\n" for split in ("train", "eval"))
    (meeting,) = corpora.ami_action_items(Data(tmp_path, tmp_path))
    assert [t.text for t in meeting.transcript.turns] == ["You draw it, okay?", "Fine."]
    assert meeting.action_turns == {0}
    assert [p.role for p in meeting.transcript.participants] == ["manager", "employee"]


def test_calm_talk_is_drawn_in_pieces_by_the_seed(tmp_path: Path) -> None:
    lines = [
        {"id": f"{i}", "speaker": list(range(100)), "context": [[f"第{j}句", "话"] for j in range(100)]}
        for i in range(5)
    ]
    put(tmp_path / "vcsum/short_dev.txt", "\n".join(json.dumps(line) for line in lines))
    data = Data(tmp_path, tmp_path)
    one, other = corpora.calm_talk(data, 2, seed=0), corpora.calm_talk(data, 2, seed=0)
    assert list(one) == ["zh/vcsum"]
    assert one == other
    assert [len(t.turns) for t in one["zh/vcsum"]] == [60, 60]
    assert one["zh/vcsum"][0].id != one["zh/vcsum"][1].id


def test_a_line_separator_in_a_course_is_no_new_line(tmp_path: Path) -> None:
    row = json.dumps({"id": "c1", "title": "SQL", "description": "a\u2028b"}, ensure_ascii=False)
    put(tmp_path / "coursera/courses.jsonl", row + "\n")
    put(tmp_path / "coursera/queries.dev.json", {"SQL": ["c1"]})
    found = corpora.courses(Data(tmp_path, tmp_path))
    assert found is not None
    assert found.relevant == {"SQL": {"c1"}}
    assert "a\u2028b" in found.texts["c1"]
