"""Invented titles of notebooks in a biological laboratory."""

from __future__ import annotations

from lamindb.examples.requirements import require

_WORDS = (
    "study", "investigate", "research", "result", "cluster", "rank", "candidate", "visualize", "efficiency", "classify", "intestine",
    "intestinal",
)  # fmt: skip


def fake_bio_notebook_titles(n: int = 100) -> list[str]:
    """Return random titles, others at each call.

    Args:
        n: number of titles.

    Raises:
        ImportError: if `Faker` or `faker_biology` is not installed.
    """
    faker = require("faker", "fake_bio_notebook_titles")
    require("faker_biology", "fake_bio_notebook_titles")
    from importlib import import_module

    fake = faker.Faker()
    fake.add_provider(import_module("faker_biology.bioseq").Bioseq)
    physiology = import_module("faker_biology.physiology")
    for provider in ("CellType", "Organ", "Organelle"):
        fake.add_provider(getattr(physiology, provider))
    fake.add_provider(import_module("faker_biology.mol_biol").Antibody)
    words = [
        *_WORDS,
        *(fake.organ() for _ in range(5)),
        *(fake.celltype() for _ in range(10)),
        *(fake.antibody_isotype() for _ in range(20)),
    ]
    return [fake.sentence(ext_word_list=words) for _ in range(n)]
