from __future__ import annotations

from string import Formatter

import pytest

from models import errors as models_errors
from service import errors
from service.commands import surroundings
from service.commands.app import HELP
from service.export import due_rules, outline


def subclasses(kind: type) -> list[type]:
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in subclasses(below))]


ROOTS = (models_errors.ModelsError, errors.ServiceError)
EVERY = [kind for root in ROOTS for kind in subclasses(root) if kind not in ROOTS]


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_error_class_is_mapped_to_an_exit_code(kind):
    assert any(above in errors.EXIT_CODES for above in kind.__mro__)


def test_input_gives_2_and_everything_else_1():
    assert errors.exit_code(models_errors.NotAudio("no_such_file", path="x")) == 2
    assert errors.exit_code(errors.WrongUsage("no_input")) == 2
    assert errors.exit_code(models_errors.WeightsMissing("weights_missing", name="x")) == 1
    assert errors.exit_code(RuntimeError("a defect")) == 1


def test_a_broken_machine_outranks_an_unusable_input():
    assert errors.worst([]) == 0
    assert errors.worst([0, 2]) == 2
    assert errors.worst([2, 1, 0]) == 1


def test_errors_of_the_model_process_are_rebuilt_by_name_only():
    error = errors.rebuild("WeightsMissing", "weights_missing", {"name": "whisper-base"})
    assert type(error) is models_errors.WeightsMissing
    assert "whisper-base" in error.line("zh")
    stranger = errors.rebuild("SystemExit", "out_of_memory", {})
    assert type(stranger) is models_errors.EnvironmentProblem


@pytest.mark.parametrize(
    "wording",
    [
        errors.ServiceError.wording,
        outline.WORDING,
        outline.INDICATORS,
        outline.DROPPED,
        due_rules.WORDING,
        surroundings.WORDING,
        HELP,
    ],
)
def test_every_sentence_exists_in_both_languages_with_the_same_values(wording):
    for key, line in wording.table.items():
        used = [{name for _, name, _, _ in Formatter().parse(line[side]) if name} for side in ("en", "zh")]
        assert used[0] == used[1], key
        assert line["en"] != line["zh"] or key == "comma", key
