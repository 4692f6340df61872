from __future__ import annotations

import uuid

import pytest

from service.domain.ids import is_id, new_id


def test_ids_are_uuid_version_7_unique_and_in_order_of_making():
    made = [new_id() for _ in range(1000)]
    assert all(is_id(one) and uuid.UUID(one).version == 7 for one in made)
    assert made == sorted(set(made))


@pytest.mark.parametrize(
    "text",
    ["", str(uuid.uuid4()), new_id().upper(), new_id() + "\n", new_id()[:-1], "../" + new_id()],
    ids=["nothing", "version 4", "capitals", "line end", "too short", "path"],
)
def test_anything_else_is_no_id(text):
    assert not is_id(text)
