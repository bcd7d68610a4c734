"""Random sequences of new versions, deletions, restores, switches and merges keep one latest version per family and branch."""

from __future__ import annotations

import itertools
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_numbers = itertools.count()
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "new",
                "new",
                "new",
                "bulk",
                "delete",
                "delete many",
                "delete permanently",
                "restore",
                "archive",
                "switch",
                "merge",
            ]
        ),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=9,
)


class Machine:
    """Applies steps to one family of transforms, on main and a contribution branch of its own."""

    def __init__(self):
        import lamindb as ln

        self.ln = ln
        self.key = f"family{next(_numbers)}.py"
        self.branch = ln.Branch(name=self.key).save()
        self.current = "main"
        self.new(0)

    def pick(self, number, **where):
        rows = list(self.ln.Transform.filter(branch=None, key=self.key, **where).order_by("uid"))
        return rows[number % len(rows)] if rows else None

    def make(self, number):
        revised = self.pick(number)
        return self.ln.Transform(key=self.key, source_code=f"{self.key} {next(_numbers)}", revises=revised)

    def new(self, number):
        self.make(number).save()

    def bulk(self, number):
        self.ln.save([self.make(number), self.make(number + 1)])

    def delete(self, number):
        record = self.pick(number)
        if record is not None and record.branch_id != -1:
            record.delete()

    def delete_many(self, number):
        picked = self.ln.Transform.filter(branch=None, key=self.key).order_by("uid").values_list("uid", flat=True)
        self.ln.Transform.filter(uid__in=list(picked[: number + 1])).delete()

    def delete_permanently(self, number):
        record = self.pick(number)
        if record is not None:
            record.delete(permanent=True)

    def restore(self, number):
        record = self.pick(number, branch_id=-1)
        if record is not None:
            record.restore()

    def archive(self, number):
        record = self.pick(number)
        if record is not None:
            record.branch_id = 0
            record.save()

    def switch(self, number):
        self.current = self.key if self.current == "main" else "main"
        self.ln.setup.switch(self.current)

    def merge(self, number):
        if self.current == "main":
            self.ln.setup.merge(self.branch)

    def check(self):
        rows = self.ln.Transform.filter(branch=None, key=self.key).values_list("uid", "branch_id", "is_latest")
        latest = defaultdict(list)
        for uid, branch_id, is_latest in rows:
            if branch_id != -1:
                latest[(uid[:-4], branch_id)].append(is_latest)
        assert all(sum(flags) == 1 for flags in latest.values()), sorted(rows)
        assert len({uid for uid, _, _ in rows}) == len(rows)


def run(steps):
    import lamindb as ln

    machine = Machine()
    try:
        for step, number in steps:
            getattr(machine, step.replace(" ", "_"))(number)
            machine.check()
    finally:
        ln.setup.switch("main")


def test_one_latest_version_per_family_and_branch_after_any_sequence_of_steps(instance):
    @settings(
        max_examples=40 if instance.dialect == "sqlite" else 8,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(STEPS)
    def check(steps):
        run(steps)

    check()
