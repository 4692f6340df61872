"""Sentences of pages: each that a template says is there, and each that is there is said."""

from __future__ import annotations

import re
import tomllib

from service.web.templating import HERE, texts

TABLES = sorted((HERE / "page_texts").glob("*.toml"))
SOURCES = [
    *(HERE / "page_templates").rglob("*.html"),
    *(path for path in HERE.rglob("*.py") if path.name != "templating.py"),  # whose words explain it
]
KEYS = {f"{path.stem}.{key}" for path in TABLES for key in tomllib.loads(path.read_text("utf-8"))}
AREAS = "|".join(path.stem for path in TABLES)
LITERAL = re.compile(rf"""(\btn?\()?\s*f?["']((?:{AREAS})\.\w*)(["']\s*[~+]|["']|\{{)""")
"""A key as templates and pages write it: whole, or the beginning of one that is put together."""


def said():
    """(file, key, whole, plural) of every literal that names a sentence."""
    for path in SOURCES:
        for call, key, end in LITERAL.findall(path.read_text("utf-8")):
            yield path.name, key, len(end) == 1 and end != "{", call.startswith("tn")


def test_every_sentence_that_is_said_is_there():
    missing = []
    for file, key, whole, plural in said():
        if not whole:
            missing += [(file, key)] if not any(one.startswith(key) for one in KEYS) else []
        elif plural:
            missing += [(file, key) for form in ("one", "other") if f"{key}_{form}" not in KEYS]
        elif key not in KEYS and not key.endswith((".html", ".toml")):
            missing.append((file, key))
    assert missing == []


def test_every_sentence_is_said():
    whole = {key for _, key, whole, _ in said() if whole}
    beginnings = tuple({key for _, key, whole, _ in said() if not whole})
    unused = {
        key
        for key in KEYS
        if key not in whole
        and re.sub(r"_(one|other)$", "", key) not in whole
        and not key.startswith(beginnings)
    }
    assert unused == set()


def test_chinese_has_chinese_punctuation_and_both_have_the_same_names():
    for key, entry in texts().table.items():
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", entry["zh"]), key
        names = [set(re.findall(r"\{(\w+)", entry[language])) for language in ("en", "zh")]
        assert names[0] == names[1] or key.endswith("_one"), key
