"""The log of decisions only grows, line by whole line."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from service import decisions
from service.decisions import Decision, append, check_log
from service.errors import CannotWrite, WrongUsage

ONE = Decision("2026-05-08T09:30:00Z", "sql-101", "SQL", "accept", 1, 0.83, "ab" * 32)


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_each_decision_is_one_line_and_earlier_ones_stay(tmp_path):
    path = tmp_path / "new" / "decisions.jsonl"
    append(path, [ONE, replace(ONE, resource="谈判\n1", decision="reject", rank=2)])
    before = path.read_bytes()
    append(path, [replace(ONE, decision="complete")])
    assert path.read_bytes().startswith(before)
    assert [row["decision"] for row in rows(path)] == ["accept", "reject", "complete"]
    assert list(rows(path)[0]) == [
        *("at", "resource", "gap_skill", "decision", "rank", "score", "catalogue_sha256"),
    ]


def test_half_a_line_left_by_a_power_cut_swallows_nothing(tmp_path):
    path = tmp_path / "decisions.jsonl"
    append(path, [ONE])
    with path.open("ab") as file:
        file.write(b'{"at": "2026')
    append(path, [replace(ONE, resource="next")])
    first, half, last = path.read_text("utf-8").splitlines()
    assert json.loads(first)["resource"] == "sql-101"
    assert half == '{"at": "2026'
    assert json.loads(last)["resource"] == "next"


def test_a_failed_write_is_taken_back(tmp_path, monkeypatch):
    path = tmp_path / "decisions.jsonl"
    append(path, [ONE])
    before = path.read_bytes()
    real = os.write

    def full(descriptor, content):
        if len(content) < 60:
            raise OSError(28, "No space left on device")
        return real(descriptor, bytes(content)[:-50])

    monkeypatch.setattr(decisions.os, "write", full)
    with pytest.raises(CannotWrite):
        append(path, [ONE])
    assert path.read_bytes() == before


def test_it_is_on_disk_before_the_call_returns(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(decisions.os, "fsync", lambda fd: synced.append(os.fstat(fd).st_size))
    append(tmp_path / "decisions.jsonl", [ONE])
    assert synced == [(tmp_path / "decisions.jsonl").stat().st_size]


def test_writers_at_the_same_time_do_not_mix_their_lines(tmp_path):
    path = tmp_path / "decisions.jsonl"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: append(path, [replace(ONE, rank=n)] * 5), range(1, 41)))
    ranks = [row["rank"] for row in rows(path)]
    assert len(ranks) == 200
    assert all(len(set(ranks[at : at + 5])) == 1 for at in range(0, 200, 5))


@pytest.mark.parametrize("content", ["{}\n", "hello", "[1]\n", '{"schema": "rapport.draft/1"}', "\x00"])
def test_a_file_that_is_something_else_is_refused(tmp_path, content):
    path = tmp_path / "other"
    path.write_text(content, "utf-8")
    with pytest.raises(WrongUsage):
        check_log(path)


def test_a_new_an_empty_and_an_own_file_are_taken(tmp_path):
    path = tmp_path / "decisions.jsonl"
    check_log(path)
    path.touch()
    check_log(path)
    append(path, [ONE])
    check_log(path)


def test_a_folder_cannot_be_written(tmp_path):
    with pytest.raises(CannotWrite):
        check_log(tmp_path)
    with pytest.raises(CannotWrite):
        append(tmp_path, [ONE])
