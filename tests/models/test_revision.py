from __future__ import annotations

from models.revision import digest, engine_revision


def test_revision_is_short_and_changes_with_what_else_decides():
    assert engine_revision() == engine_revision()
    assert len(engine_revision()) == 16
    assert (
        len({engine_revision(), engine_revision("a"), engine_revision("a", "b"), engine_revision("b")}) == 4
    )


def test_code_tables_heads_and_prompts_count_and_nothing_else(tmp_path):
    (tmp_path / "train").mkdir()
    for name in ("stage.py", "catalog.toml", "head.safetensors", "minutes.en.v1.jinja"):
        before = digest((tmp_path,))
        (tmp_path / name).write_text("new", "utf-8")
        made = digest((tmp_path,))
        (tmp_path / name).write_text("newer", "utf-8")
        assert len({before, made, digest((tmp_path,))}) == 3, name
    known = digest((tmp_path,))
    for name in ("errors.toml", "card.md", "train/fit.py"):
        (tmp_path / name).write_text("new", "utf-8")
        assert digest((tmp_path,)) == known, name
