"""A worker in a process of its own, with the fake engine; it tells each point that a job comes past."""

from __future__ import annotations

import sys

from service.bootstrap import opened
from service.jobs.worker import Manner, run
from service.logs import write_json_lines
from service.parent import leave_with_parent
from service.settings import from_environment, hosting_from_environment


def tell(point: str) -> None:
    sys.stdout.write(f"{point}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    write_json_lines()
    leave_with_parent()
    manner = Manner(
        engines="models.engines.fake:Engines", drain_s=1, ready=lambda node: tell("ready"), passed=tell
    )
    with opened(hosting_from_environment()) as rapport:
        run(rapport, from_environment(), manner=manner)
