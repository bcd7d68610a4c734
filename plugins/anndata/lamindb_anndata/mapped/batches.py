"""Reads a mapped collection in batches: in order, shuffled within blocks, or drawn by weight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lamindb_anndata.mapped.collection import MappedCollection


class BatchReader:
    """An iterable over batches of a mapped collection; each pass over it is one epoch, in which every observation comes exactly once.

    Shuffled reading takes blocks of neighbouring observations in random order, reads many blocks at once, and shuffles the observations of these before it cuts
    them into batches: the file is read in stretches, yet a batch mixes observations from `preload_blocks` places.

    Args:
        mapped: the collection.
        batch_size: observations in a batch; the last one may have fewer.
        shuffle: whether the order is random.
        block_size: neighbouring observations that stay together when the order is drawn; 1 shuffles completely.
        preload_blocks: blocks that are read and shuffled together.
        seed: makes the order the same in every process; each epoch has its own order. `None` draws one.
        weights: how likely each observation is drawn, one number each; an epoch then has as many draws, with replacement, as there are observations.
        drop_last: leave out a last batch that is smaller.
        sparse: give sparse matrices as `scipy.sparse.csr_matrix`.
        rank: which part of the observations to read, of `world_size` parts.
        world_size: number of processes that share an epoch.

    Yields:
        Dictionaries of arrays, as `MappedCollection.take` returns them.

    Raises:
        ValueError: if a number is out of range, or the weights are of another length.

    Example:
        >>> for batch in dataset.batches(128, shuffle=True, seed=0):  # doctest: +SKIP
        ...     step(batch["X"], batch["cell_type"])
    """

    def __init__(
        self,
        mapped: MappedCollection,
        batch_size: int = 128,
        *,
        shuffle: bool = False,
        block_size: int = 16,
        preload_blocks: int = 256,
        seed: int | None = None,
        weights: Any = None,
        drop_last: bool = False,
        sparse: bool = False,
        rank: int = 0,
        world_size: int = 1,
    ) -> None:
        for name, value in (("batch_size", batch_size), ("block_size", block_size), ("preload_blocks", preload_blocks)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, not {value}")
        if not 0 <= rank < world_size:
            raise ValueError(f"rank must be between 0 and {world_size - 1}, not {rank}")
        if weights is not None:
            weights = np.asarray(weights, dtype=np.float64)
            if weights.shape != (len(mapped),):
                raise ValueError(f"There are {len(mapped)} observations, but weights of the shape {weights.shape}")
            if not (weights >= 0).all() or not weights.sum() > 0:
                raise ValueError("weights must be numbers of at least 0, one of them more than 0")
        self.mapped, self.batch_size, self.shuffle = mapped, batch_size, shuffle
        self.block_size, self.preload_blocks, self.drop_last = block_size, preload_blocks, drop_last
        self.weights, self.sparse, self.rank, self.world_size = weights, sparse, rank, world_size
        self.seed = int(np.random.SeedSequence().entropy % (1 << 63)) if seed is None else seed  # type: ignore[operator]
        self.epoch = 0

    def __len__(self) -> int:
        """Number of batches of an epoch, of this rank."""
        length = self._span(self.rank, self.world_size)
        count = length[1] - length[0]
        return count // self.batch_size if self.drop_last else -(-count // self.batch_size)

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch the next pass is: all ranks of a distributed run must agree."""
        self.epoch = epoch

    def __iter__(self) -> Iterator[dict[str, Any]]:
        order = self.order(self.epoch)
        self.epoch += 1
        yield from self._batches(order[slice(*self._span(self.rank, self.world_size))])

    def order(self, epoch: int) -> Any:
        """Return the positions of all observations in the order of an epoch, of all ranks."""
        generator = np.random.default_rng([self.seed, epoch])
        n_obs = len(self.mapped)
        if self.weights is not None:
            return self._windows(generator.choice(n_obs, size=n_obs, p=self.weights / self.weights.sum()), None)
        if not self.shuffle:
            return np.arange(n_obs)
        # the first block is cut at random, so that its borders are others in each epoch
        first = int(generator.integers(0, self.block_size)) if n_obs else 0
        borders = np.unique(np.concatenate([[0], np.arange(first, n_obs, self.block_size), [n_obs]]))
        blocks = generator.permutation(len(borders) - 1)
        from lamindb_anndata.elements import gather_index

        order = gather_index(borders[:-1][blocks], np.diff(borders)[blocks])
        return self._windows(order, generator)

    def _windows(self, order: Any, generator: Any) -> Any:
        """Shuffle the observations that are read together."""
        if generator is None:
            return order
        window = self._window
        for start in range(0, len(order), window):
            generator.shuffle(order[start : start + window])
        return order

    @property
    def _window(self) -> int:
        """Observations that are read together, whole batches."""
        return max(1, self.block_size * self.preload_blocks // self.batch_size) * self.batch_size

    def _span(self, part: int, parts: int) -> tuple[int, int]:
        """Return the bounds of one part of an epoch; windows are not torn apart where there are enough of them."""
        n_obs = len(self.mapped)
        windows = -(-n_obs // self._window) if n_obs else 0
        if windows < parts:
            return n_obs * part // parts, n_obs * (part + 1) // parts
        return min(windows * part // parts * self._window, n_obs), min(
            windows * (part + 1) // parts * self._window, n_obs
        )

    def _batches(self, order: Any) -> Iterator[dict[str, Any]]:
        window = self._window if self.shuffle or self.weights is not None else self.batch_size
        for start in range(0, len(order), window):
            positions = order[start : start + window]
            if window == self.batch_size:
                if len(positions) == self.batch_size or not self.drop_last:
                    yield self.mapped.take(positions, sparse=self.sparse)
                continue
            yield from self._cut(self.mapped.take(positions, sparse=True), len(positions))

    def _cut(self, block: dict[str, Any], length: int) -> Iterator[dict[str, Any]]:
        for start in range(0, length, self.batch_size):
            stop = min(start + self.batch_size, length)
            if stop - start < self.batch_size and self.drop_last:
                return
            yield {name: self._dense(values[start:stop]) for name, values in block.items()}

    def _dense(self, values: Any) -> Any:
        return values.toarray() if hasattr(values, "toarray") and not self.sparse else values

    def for_worker(self, worker: int, n_workers: int) -> Iterator[dict[str, Any]]:
        """Iterate over the share of one of several workers of this rank; together they give every observation once."""
        order = self.order(self.epoch)
        self.epoch += 1
        yield from self._batches(order[slice(*self._span(self.rank * n_workers + worker, self.world_size * n_workers))])

    def to_torch(self) -> Any:
        """Return a `torch.utils.data.IterableDataset` over the batches, which shares an epoch among the workers of a `DataLoader`.

        Pass it with `batch_size=None`, as it gives batches already.

        Raises:
            ImportError: if torch is not installed.
        """
        from lamindb_anndata.mapped.torch_dataset import TorchBatches

        return TorchBatches(self)
