"""A new master key: every key in the key store is wrapped anew, then the old master key is retired.

1. The file of the master key gets a second key, which wraps from now on; the first one still opens.
2. Each wrapped key is wrapped by the new one.
3. The file keeps the new one alone.
Whatever a crash cuts off, the next run takes up: the file says how far it came.
"""

from __future__ import annotations

from pathlib import Path

from service.errors import WrongUsage
from service.storage.keys import KeyStore
from service.storage.master import MasterKey
from service.storage.objects import ObjectStore
from service.usecases.measures import measures
from service.usecases.rapport import Rapport


def require_stopped(rapport: Rapport) -> None:
    """Raises WrongUsage while a process of the service lives: it would go on with the old master key."""
    _, _, alive = measures(rapport)["nodes"]
    if alive:
        raise WrongUsage("still_running", count=sum(alive.values()))


def rotate_keys(path: Path, objects: ObjectStore) -> int:
    """How many keys the new master key wraps. `path`: of the master key. Raises MasterKeyProblem."""
    master = MasterKey.from_file(path)
    if not master.is_changing:
        master = master.with_new_primary()
        master.replace(path)
    new = master.primary_alone()
    count = KeyStore(objects, master).rewrap(new)
    new.replace(path)
    return count
