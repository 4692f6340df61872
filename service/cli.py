"""Entry point of `rapport`, the same as `python -m service.cli`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from service.installation import complaint


def main(arguments: Sequence[str] | None = None, *, engines: str | None = None) -> int:
    """Runs one command and returns its exit code: 0 done, 2 usage or input, 1 environment or defect.

    `engines` ("module:factory") replaces the engines of the model process; tests and other back ends use it.
    """
    if wrong := complaint(os.environ):
        sys.stderr.write(f"rapport: {wrong}\n")
        return 1
    from service.commands.app import run  # noqa: PLC0415 - imports models, which the line above has checked

    return run(sys.argv[1:] if arguments is None else arguments, engines)


if __name__ == "__main__":
    sys.exit(main())
