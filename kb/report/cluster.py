"""The same counting on a Dask cluster (extra `dask`). Its workers need this package, the same catalogue and the same files."""

from __future__ import annotations

from collections.abc import Sequence

from kb.report.run import Part, Progress, count, size
from kb.report.tally import Tally

RETRIES = 3


def run_cluster(parts: Sequence[Part], address: str, progress: Progress) -> Tally:
    """Count all parts on the cluster whose scheduler is at `address`.

    What a worker had in hand when it died is given to another one; a part that raises is tried again.
    Raises ValueError when the library is missing, a part is standard input, or no scheduler answers.
    """
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise ValueError("--scheduler needs Dask: pip install 'smtp-kb[dask]'") from error
    if any(part.path == "-" for part in parts):
        raise ValueError("standard input cannot be counted on a cluster; name files that its workers can read")
    total = Tally()
    try:
        client = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise ValueError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:
        futures = client.map(count, list(parts), pure=False, retries=RETRIES)
        of = {future.key: part for future, part in zip(futures, parts, strict=True)}
        for future, value in as_completed(futures, loop=client.loop, with_results=True):  # type: ignore[no-untyped-call]
            total.add(Tally.from_json(value))
            progress(size(of[future.key]))
    return total
