"""A check-in of manager m and employee e in both languages: what was said, and what a draft makes of it."""

from __future__ import annotations

from datetime import date, timedelta

TURN_S = 4.0
TURNS = {
    "en": (
        "Good morning. How did the supplier report go?",
        "It went out on Tuesday, a day early, and finance had no questions.",
        "That is good work. The new table made it easy to read.",
        "Thanks. I still have no access to the new warehouse, so the migration waits.",
        "I will ask for the access today.",
        "Then I will send you the list of tables by Friday.",
        "Could you also show the team the new report?",
        "Yes, I will show it in the team meeting on Thursday.",
        "And I will book the meeting room by Wednesday.",
        "Maybe I could look at the old dashboards some time, too.",
        "What would help you most this quarter?",
        "Window functions. I never learned SQL properly.",
        "You always leave that to the last minute.",
        "That is not fair, there was no time.",
        "From now on we look at data quality together on Mondays.",
        "Agreed.",
    ),
    "zh": (
        "早上好，供应商报告进展怎么样？",
        "周二就发出去了，提前了一天，财务没有提出问题。",
        "做得很好，新的表格看起来很清楚。",
        "谢谢。我还没有新数据仓库的权限，所以迁移还在等。",
        "我今天就去申请权限。",
        "那我周五之前把数据表清单发给您。",
        "你能不能也给团队讲一讲新报告？",
        "可以，我周四在组会上讲。",
        "我周三之前订好会议室。",
        "旧的看板也许有空我也可以看一看。",
        "这个季度什么对你帮助最大？",
        "窗口函数，我一直没有系统学过。",
        "你总是拖到最后一刻。",
        "这不公平，当时根本没有时间。",
        "从现在起我们每周一一起看数据质量。",
        "好的，同意。",
    ),
}
WORDS = {
    "en": {
        "summary": "The report was early. Access to the warehouse is missing; the list of tables follows.",
        "a1": "Ask for access to the new warehouse",
        "a2": "Send the list of tables",
        "a3": "Show the new report in the team meeting",
        "a4": "Book the meeting room",
        "a5": "Look at the old dashboards",
        "p1": "The supplier report was a day early",
        "p2": "No access to the new warehouse",
        "g1": "Look at data quality together on Mondays",
        "s1": "SQL window functions",
        "r1": "Window functions by example",
        "why": "The wording is about the person, not about what happened.",
        "better": "The last two reports came on the last day. What got in the way?",
        "today": "today",
        "wednesday": "by Wednesday",
        "thursday": "on Thursday",
        "friday": "by Friday",
    },
    "zh": {
        "summary": "报告提前发出。数据仓库权限尚缺，随后发送数据表清单。",
        "a1": "申请新数据仓库的权限",
        "a2": "发送数据表清单",
        "a3": "在组会上讲解新报告",
        "a4": "预订会议室",
        "a5": "看一看旧的看板",
        "p1": "供应商报告提前一天完成",
        "p2": "没有新数据仓库的权限",
        "g1": "每周一一起看数据质量",
        "s1": "窗口函数",
        "r1": "窗口函数实例课程",
        "why": "这句话说的是人，不是事情本身。",
        "better": "最近两份报告都在最后一天提交，遇到了什么困难？",
        "today": "今天",
        "wednesday": "周三之前",
        "thursday": "周四",
        "friday": "周五之前",
    },
}
WEEKDAYS = {"wednesday": 2, "thursday": 3, "friday": 4}
CLEAR, DOUBTFUL = ("a1", "a2", "a3", "a4"), "a5"
ALL_SHOWN = ("summary", *CLEAR, DOUBTFUL, "p1", "p2", "g1")


def plain(text):
    """The text as it is."""
    return text


class Talk:
    """`day`: when it was held; `mark`: what is made of every text, for talks that are hostile."""

    def __init__(self, language, day: date, mark=plain):
        self.language, self.day = language, day
        self.turns = [mark(text) for text in TURNS[language]]
        self.words = {key: mark(text) for key, text in WORDS[language].items()}

    def transcript(self, meeting_id, names, turns=None):
        """`rapport.transcript/1`; `names`: of m and e. `turns`: how many, the talk again and again."""
        return {
            **self._head("transcript", meeting_id),
            "rev": 1,
            "participants": [
                {"id": "m", "role": "manager", "name": names[0]},
                {"id": "e", "role": "employee", "name": names[1]},
            ],
            "turns": [self._turn(i) for i in range(turns or len(self.turns))],
            "duration_s": (turns or len(self.turns)) * TURN_S,
            "uncovered_speech_s": 0.0,
            "provenance": {},
        }

    def draft(self, meeting_id, *, whole=True):
        """`rapport.draft/1` with four clear action items and a doubtful one. `whole`: points and agreements,
        of which each is decided on by itself, as well.
        """
        return {
            **self._head("draft", meeting_id),
            "transcript_rev": 1,
            "minutes_language": self.language,
            "summary": self.words["summary"],
            "stages": [{"name": "progress", "from_turn": 0, "to_turn": 9}],
            "points": self._points() if whole else [],
            "agreements": [self._item("g1", 14, text=self.words["g1"], confidence=0.9)] if whole else [],
            "action_items": self._action_items(),
            "skill_gaps": [
                self._item("s1", 11, skill=self.words["s1"], skill_uri=None, person="e", confidence=0.9)
            ],
            "recommendations": [self._course()],
            "tone_flags": [self._hint()],
            "follow_up": [],
            "feedback_quality": self._feedback(),
            "talk": {
                "m": {"share": 0.52, "turns": 8, "longest_turn_s": 4.0, "open_questions": 2},
                "e": {"share": 0.48, "turns": 8, "longest_turn_s": 4.0, "open_questions": 0},
            },
            "checks": {"dropped": {}, "uncovered_speech_s": 0.0},
            "provenance": {},
        }

    def _head(self, kind, meeting_id):
        return {
            "schema": f"rapport.{kind}/1",
            "id": meeting_id,
            "language": self.language,
            "date": self.day.isoformat(),
            "kind": "check_in",
        }

    def _turn(self, i):
        text, start = self.turns[i % len(self.turns)], i * TURN_S
        return {"i": i, "speaker": "me"[i % 2], "text": text, "start_s": start, "end_s": start + TURN_S}

    def _item(self, item, turn, **fields):
        start = turn * TURN_S
        quote = {"turn": turn, "quote": self.turns[turn], "start_s": start, "end_s": start + TURN_S}
        return {"id": item, **fields, "evidence": [quote]}

    def _points(self):
        return [
            self._item("p1", 1, kind="highlight", text=self.words["p1"], person="e"),
            self._item("p2", 3, kind="obstacle", text=self.words["p2"], person="e"),
        ]

    def _action_items(self):
        said = {
            "a1": ("m", 4, "today"),
            "a2": ("e", 5, "friday"),
            "a3": ("e", 7, "thursday"),
            "a4": ("m", 8, "wednesday"),
        }
        made = [self._action(item, turn, owner, 0.93, when) for item, (owner, turn, when) in said.items()]
        return [*made, self._action(DOUBTFUL, 9, "e", 0.55)]

    def _action(self, item, turn, owner, confidence, when=None):
        """`when`: today, or a weekday that is still to come."""
        fields = {"task": self.words[item], "owner": owner, "owner_reason": "speaker", "recurrence": None}
        dated = {"due": None, "due_text": None, "due_rule": None}
        if when is not None:
            days = (WEEKDAYS[when] - self.day.weekday() - 1) % 7 + 1 if when in WEEKDAYS else 0
            due = (self.day + timedelta(days=days)).isoformat()
            dated = {
                "due": due,
                "due_text": self.words[when],
                "due_rule": "bare_weekday" if days else "relative_day",
            }
        return self._item(item, turn, **fields, **dated, confidence=confidence)

    def _course(self):
        words = {"title": self.words["r1"], "why": self.words["s1"]}
        return {"id": "r1", "gap": "s1", "resource": "sql-1", "kind": "course", "score": 0.8, **words}

    def _feedback(self):
        """Nothing of it is about an employee alone; `impact` could not be measured."""
        values = {"open_questions": 2.0, "employee_share": 0.48, "impact": None}
        return {
            name: {"value": value, "evidence": [0, 10], "why": self.words["why"]}
            for name, value in values.items()
        }

    def _hint(self):
        words = {"why": self.words["why"], "suggestion": self.words["better"]}
        return {"id": "t1", "turn": 12, "label": "critical", "score": 0.9, "quote": self.turns[12], **words}
