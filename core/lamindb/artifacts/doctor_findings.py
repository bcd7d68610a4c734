"""What `lamin doctor` finds: problems with their remedy, and the report of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: Problem -> what it means, in the order of the report.
PROBLEMS: dict[str, str] = {
    "unreachable-storage": "storage locations that can't be examined from here",
    "unfinished-upload": "artifacts whose data was being stored when the process ended",
    "unfinished-replacement": "artifacts whose data was being replaced when the process ended",
    "unfinished-move": "artifacts whose data was being moved when the process ended",
    "unfinished-deletion": "deleted artifacts whose data is still there",
    "missing-file": "artifacts without data",
    "wrong-size": "artifacts whose data has another size than recorded",
    "wrong-hash": "artifacts whose data has another hash than recorded",
    "unreadable-file": "artifacts whose data can't be read",
    "file-without-record": "data in lamindb's own folder that no artifact refers to",
    "staging-leftover": "copies that never got their place",
    "broken-version-family": "families of versions with none or several latest versions",
    "cache-leftover": "files in the cache that nobody needs any more",
    "killed-run": "runs whose process died without a word",
}


@dataclass
class Finding:
    """One problem.

    Attributes:
        problem: one of `PROBLEMS`.
        subject: uid or path that it is about.
        details: what was found, with values.
        remedy: what a repair does; `None` if only a person can decide.
        repair: does it, and returns what was done.
        deletes_data: the remedy deletes bytes that may be the only copy; it needs a word of its own.
        outcome: what the repair did, or why it failed.
        is_repaired: whether the problem is gone.
    """

    problem: str
    subject: str
    details: str
    remedy: str | None = None
    repair: Callable[[], str] | None = field(default=None, repr=False, compare=False)
    deletes_data: bool = False
    outcome: str | None = None
    is_repaired: bool = False

    def mend(self) -> None:
        """Repair the problem; a failure becomes the outcome."""
        if self.repair is None:
            return
        try:
            self.outcome = self.repair()
            self.is_repaired = True
        except Exception as error:  # one problem that can't be mended must not hide the others
            self.outcome = f"failed: {type(error).__name__}: {error}"

    def as_dict(self) -> dict[str, Any]:
        """Return what a program wants to know."""
        names = ("problem", "subject", "details", "remedy", "deletes_data", "is_repaired", "outcome")
        return {name: getattr(self, name) for name in names}


@dataclass
class DoctorReport:
    """Everything that was found.

    Attributes:
        instance: slug of the instance.
        findings: the problems.
        n_artifacts: number of artifacts that were examined.
        n_locations: number of storage locations that were examined.
        verified: whether every byte was read.
    """

    instance: str
    findings: list[Finding] = field(default_factory=list)
    n_artifacts: int = 0
    n_locations: int = 0
    verified: bool = False

    @property
    def remaining(self) -> list[Finding]:
        """Problems that are still there."""
        return [finding for finding in self.findings if not finding.is_repaired]

    @property
    def is_healthy(self) -> bool:
        """Whether no problem remains."""
        return not self.remaining

    def of(self, problem: str) -> list[Finding]:
        """Return the findings of one problem.

        Raises:
            ValueError: for an unknown problem.
        """
        if problem not in PROBLEMS:
            raise ValueError(f"{problem!r} is not a problem that is looked for: {', '.join(PROBLEMS)}")
        return [finding for finding in self.findings if finding.problem == problem]

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "instance": self.instance,
            "is_healthy": self.is_healthy,
            "n_artifacts": self.n_artifacts,
            "n_locations": self.n_locations,
            "verified": self.verified,
            "findings": [finding.as_dict() for finding in self.findings],
        }

    def __str__(self) -> str:
        examined = f"{self.n_artifacts} artifacts in {self.n_locations} storage locations" + (
            ", every byte read" if self.verified else ""
        )
        if not self.findings:
            return f"{self.instance} is healthy: examined {examined}"
        counts = Counter(finding.problem for finding in self.findings)
        lines = [f"{self.instance}: {len(self.findings)} problems, {len(self.remaining)} remain; examined {examined}"]
        lines += [f"  {counts[problem]:>6}  {text}" for problem, text in PROBLEMS.items() if counts[problem]]
        return "\n".join(lines)

    __repr__ = __str__
