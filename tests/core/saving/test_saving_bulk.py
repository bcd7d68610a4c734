"""`ln.save`: many records at once."""

from __future__ import annotations

import pytest


def test_a_list_of_labels_is_saved_with_a_constant_number_of_statements(instance, count_queries):
    import lamindb as ln

    ln.settings.creation.search_names = False
    try:
        small = [ln.ULabel(name=f"a{i}") for i in range(3)]
        large = [ln.ULabel(name=f"b{i}") for i in range(500)]
    finally:
        ln.settings.creation.search_names = True
    with count_queries() as few:
        ln.save(small)
    with count_queries() as many:
        ln.save(large)
    assert len(few) == len(many) == 1
    assert ln.ULabel.filter().count() == 503
    assert all(label.pk is not None and not label._state.adding and label.created_at is not None for label in large)
