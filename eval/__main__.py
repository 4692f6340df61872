"""`python -m eval`: the only place in eval that reads the environment.

RAPPORT_EVAL_DATA: folder of the public data. RAPPORT_MODELS_DIR: the model store. RAPPORT_THREADS: threads.
RAPPORT_LANG, LC_ALL, LC_MESSAGES, LANG: language of the tables.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console

from eval import baseline, report
from eval.data import Data, NothingToMeasure
from eval.report import MESSAGES
from eval.run import EVALUATIONS, Request, Workbench
from models.errors import EnvironmentProblem, ModelsError

FOLDER = Path(__file__).parent
PUBLIC_DATA = FOLDER.parent.parent / "shared" / "data"
DEFAULT_THREADS = 2
SEPARATE = ("memory", "catalogue")
"""Evaluations of minutes and more that `all` leaves out."""
FILE_WIDTH = 130
BASELINE = FOLDER / "baseline.json"


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Runs what was asked for.

    Exit codes: 0 done, 1 the environment, 2 no data or wrong usage, 3 a worse figure (--fail-on-worse).
    """
    language = _language(environ)
    wanted = _parser(language, environ).parse_args(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=FILE_WIDTH)
    try:
        data = Data(_public_data(environ), FOLDER / "data")
    except NothingToMeasure as missing:
        return _fail(MESSAGES.say(missing.key, language, **missing.values), 2)
    if data.public is None:
        console.print(MESSAGES.say("no_public_data", language))
    bench = Workbench(data, _models_dir(environ), wanted.threads)
    names = [n for n in EVALUATIONS if n not in SEPARATE] if wanted.name == "all" else [wanted.name]
    if wanted.long and "memory" not in names:
        names.append("memory")
    code = 0
    for name in names:
        try:
            code = max(code, _measure(name, bench, wanted, console, language))
        except NothingToMeasure:
            code = max(code, 0 if wanted.name == "all" else 2)
            console.print(MESSAGES.say("nothing_to_measure", language, name=name))
        except ModelsError as error:
            return _fail(error.line(language), 1 if isinstance(error, EnvironmentProblem) else 2)
    return code


def _measure(name: str, bench: Workbench, wanted: argparse.Namespace, console: Console, language: str) -> int:
    request = Request(
        split=wanted.split,
        only=tuple(wanted.only),
        limit=wanted.limit,
        compare=wanted.compare,
        pairs=wanted.pairs,
        minutes=wanted.minutes,
        hours=wanted.hours,
        windows=wanted.windows,
        seed=wanted.seed,
    )
    outcome = EVALUATIONS[name](bench, request)
    changes = baseline.compare(outcome.figures, baseline.read(BASELINE).get(name, ()))
    report.print_outcome(console, name, outcome, changes, language)
    json_file, png_file = wanted.out / f"{name}.json", wanted.out / f"{name}.png"
    report.write_json(json_file, name, outcome, changes, wanted.seed)
    from eval import plot  # noqa: PLC0415 - matplotlib only once there is something to draw

    plot.save(png_file, name, report.in_order(outcome.figures), changes)
    console.print(MESSAGES.say("written", language, json=json_file, png=png_file))
    if wanted.update_baseline:
        baseline.update(BASELINE, name, outcome.figures)
        console.print(MESSAGES.say("baseline_updated", language, path=BASELINE))
    return 3 if wanted.fail_on_worse and any(c.worse and c.beyond for c in changes) else 0


def _parser(language: str, environ: Mapping[str, str]) -> argparse.ArgumentParser:
    def say(key: str) -> str:
        return MESSAGES.say(key, language)

    parser = argparse.ArgumentParser(prog="python -m eval", description=say("description"))
    parser.add_argument("name", choices=(*EVALUATIONS, "all"), help=say("help_name"))
    parser.add_argument(
        "--split", choices=("train", "held_back", "all"), default="held_back", help=say("help_split")
    )
    parser.add_argument("--only", nargs="+", default=(), metavar="ID", help=say("help_only"))
    parser.add_argument("--limit", type=_positive, metavar="N", help=say("help_limit"))
    parser.add_argument("--compare", action="store_true", help=say("help_compare"))
    parser.add_argument("--pairs", type=_positive, default=2, metavar="N", help=say("help_pairs"))
    parser.add_argument("--minutes", type=_positive, default=10, metavar="N", help=say("help_minutes"))
    parser.add_argument("--long", action="store_true", help=say("help_long"))
    parser.add_argument("--hours", type=_positive, default=3, metavar="N", help=say("help_hours"))
    parser.add_argument("--windows", type=_positive, default=20, metavar="N", help=say("help_windows"))
    parser.add_argument(
        "--threads",
        type=_positive,
        metavar="N",
        default=environ.get("RAPPORT_THREADS") or DEFAULT_THREADS,
        help=say("help_threads"),
    )
    parser.add_argument("--seed", type=int, default=0, help=say("help_seed"))
    parser.add_argument("--out", type=Path, default=FOLDER / "out", help=say("help_out"))
    parser.add_argument("--update-baseline", action="store_true", help=say("help_update"))
    parser.add_argument("--fail-on-worse", action="store_true", help=say("help_fail"))
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _language(environ: Mapping[str, str]) -> str:
    names = ("RAPPORT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((value for name in names if (value := environ.get(name))), "en")
    return "zh" if wanted.lower().startswith("zh") else "en"


def _public_data(environ: Mapping[str, str]) -> Path | None:
    named = environ.get("RAPPORT_EVAL_DATA")
    if named:
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise NothingToMeasure("not_a_folder", path=folder)
        return folder
    return PUBLIC_DATA if PUBLIC_DATA.is_dir() else None


def _models_dir(environ: Mapping[str, str]) -> Path:
    """The same folder that the product uses."""
    cache = environ.get("LOCALAPPDATA") if sys.platform == "win32" else environ.get("XDG_CACHE_HOME")
    default = Path(cache or "~/.cache") / "rapport" / "models"
    return Path(environ.get("RAPPORT_MODELS_DIR") or default).expanduser()


def _fail(line: str, code: int) -> int:
    print(line, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
