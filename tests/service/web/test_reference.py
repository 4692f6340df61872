"""The reference in docs/ names every route and table as they are, and each is described."""

from __future__ import annotations

import itertools
from pathlib import Path

from service.web.reference import markdown

PAGE = Path(__file__).parents[3] / "docs" / "reference.md"


def test_the_reference_is_that_of_this_version():
    assert PAGE.read_text("utf-8") == markdown(), "run `make reference`"


def test_every_route_and_every_table_says_what_it_is_for():
    rows = [line for line in markdown().splitlines() if line.startswith("| `")]
    assert rows
    assert [row for row in rows if row.endswith("|  |")] == []
    for line, after in itertools.pairwise(markdown().splitlines()):
        assert after or not line.startswith("###"), line
