"""Erases meetings, each in a process that is killed at one point.

Arguments: DATA URL ORGANISATION MEETING:WHAT:POINT ...; prints the exit status of each process.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from service.db.database import utc_now
from service.usecases.erase import carry_out
from tests.service.recording_queue import RecordingQueue
from tests.service.usecases.meeting_office import service_over


class Dies:
    """Stands before a part and kills the process when the named method is called."""

    def __init__(self, part, method):
        self._part, self._method = part, method

    def __getattr__(self, name):
        if name == self._method:
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self._part, name)


def main(data, url, organisation, *jobs):
    for job in jobs:
        child = os.fork()  # nothing is connected yet
        if child == 0:
            die(Path(data), url, organisation, *job.split(":"))
            os._exit(0)
        print(os.waitpid(child, 0)[1])


def die(data, url, organisation, meeting, what, point):
    rapport = service_over(data, url, utc_now, RecordingQueue())
    part, method = point.split(".")
    rapport = replace(rapport, **{part: Dies(getattr(rapport, part), method)})
    carry_out(rapport, organisation, meeting, what)


if __name__ == "__main__":
    main(*sys.argv[1:])
