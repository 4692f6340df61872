from __future__ import annotations

from pathlib import Path

import pytest

from eval.__main__ import main
from eval.data import Reference
from eval.run import Request


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    absent = tmp_path / "absent"
    assert main(["asr"], {"RAPPORT_EVAL_DATA": str(absent)}) == 2
    assert str(absent) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "words"), [("en_US.UTF-8", "no data for it"), ("zh_CN.UTF-8", "没有可用的数据")]
)
def test_missing_data_is_said_in_both_languages(
    lang: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {"RAPPORT_EVAL_DATA": str(tmp_path), "LANG": lang, "RAPPORT_MODELS_DIR": str(tmp_path)}
    assert main(["memory", "--out", str(tmp_path)], environ) == 2
    assert words in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize("arguments", [["sing"], ["asr", "--limit", "0"], ["asr", "--split", "test"]])
def test_wrong_usage_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments, {})
    assert caught.value.code == 2


def test_limits_count_for_each_collection() -> None:
    def of(name: str, collection: str) -> Reference:
        return Reference(name, collection, Path(f"{name}.wav"), "en")

    found = [of("a", "checkins"), of("b", "checkins"), of("c", "ami30")]
    assert [r.id for r in Request(limit=1).references(found)] == ["a", "c"]
    assert [r.id for r in Request(only=("b", "c")).references(found)] == ["b", "c"]
