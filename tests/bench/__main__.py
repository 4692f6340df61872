"""Everything that is measured about the service, one after the other: `make bench`."""

from __future__ import annotations

import sys

from tests.bench import load, pages_bench, queue_bench

MEASURES = (load.main, lambda arguments: queue_bench.main(), lambda arguments: pages_bench.main())

if __name__ == "__main__":
    codes = [measure([]) for measure in MEASURES]
    sys.exit(max(codes))
