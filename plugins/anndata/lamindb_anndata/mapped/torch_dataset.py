"""The batches of a mapped collection as a dataset of torch, which is needed for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

try:
    from torch.utils.data import IterableDataset, get_worker_info
except ImportError as error:
    raise ImportError("Please install torch: pip install torch", name="torch") from error


class TorchBatches(IterableDataset):
    """Batches of arrays; several workers share an epoch."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    @property
    def mapped(self) -> Any:
        """The mapped collection that is read."""
        return self.reader.mapped

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch the next pass is, before the workers start."""
        self.reader.set_epoch(epoch)

    def __len__(self) -> int:
        return len(self.reader)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        worker = get_worker_info()
        if worker is None:
            return iter(self.reader)
        share: Iterator[dict[str, Any]] = self.reader.for_worker(worker.id, worker.num_workers)
        return share
