"""Reading ontology files: our readers against pronto, in time and memory, each file in a process of its own.

`python benchmarks/bionty_parsing.py FILE [FILE ...]`
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_OURS = """
import sys, time, resource
from pathlib import Path
from bionty.parsing import read_ontology
start = time.perf_counter()
terms = [term for term in read_ontology(Path(sys.argv[1])).terms if term.name]
print(len(terms), time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""
_PRONTO = """
import sys, time, resource, warnings
warnings.simplefilter("ignore")
import pronto
start = time.perf_counter()
ontology = pronto.Ontology(sys.argv[1])
terms = [(t.id, t.name, t.definition, [s.description for s in t.synonyms], [p.id for p in t.superclasses(distance=1, with_self=False)]) for t in ontology.terms() if t.name]
print(len(terms), time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def measured(code: str, path: str) -> str:
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    if done.returncode:
        return f"refused: {done.stderr.strip().splitlines()[-1][:80]}"
    count, seconds, memory = done.stdout.split()[-3:]
    return f"{count} terms, {float(seconds):.2f} s, {float(memory):.0f} MB"


def main() -> None:
    print("| file | ours | pronto |\n|---|---|---|")
    for path in sys.argv[1:]:
        print(f"| {Path(path).name} | {measured(_OURS, path)} | {measured(_PRONTO, path)} |", flush=True)


if __name__ == "__main__":
    main()
