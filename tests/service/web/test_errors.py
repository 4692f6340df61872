"""Every error has a status and says no more than it should."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import service
from models.errors import ModelsError
from service.errors import ServiceError
from service.web.errors import STATUS, WORDS
from tests.service.test_errors import subclasses

for module in pkgutil.walk_packages(service.__path__, "service."):
    if module.name.endswith("errors"):
        importlib.import_module(module.name)

ROOTS = (ServiceError, ModelsError)
EVERY = [
    kind
    for root in ROOTS
    for kind in subclasses(root)
    if kind not in ROOTS and kind.__module__.startswith(("service.", "models."))
]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_error_class_is_mapped_to_a_status_with_a_title(kind):
    status = next(STATUS[above] for above in kind.__mro__ if above in STATUS)
    assert f"title_{status}" in WORDS.table
