"""The model store of this machine, for tests marked `models`: they are skipped where it is empty."""

from __future__ import annotations

import pytest

from models.errors import WeightsMissing
from models.store import Store
from service.settings import from_environment


@pytest.fixture(scope="session")
def fetched():
    """A function name -> Store that holds this model, ready for use."""
    store = Store(from_environment().models_dir)

    def with_model(name: str) -> Store:
        try:
            store.path(name)
        except WeightsMissing as missing:
            pytest.skip(str(missing))
        return store

    return with_model
