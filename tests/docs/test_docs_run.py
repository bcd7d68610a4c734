"""Every python and shell block of the manual and of the README runs, page by page, in an empty folder with settings of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_PAGES = sorted([*_ROOT.glob("docs/**/*.md"), _ROOT / "README.md"])
_FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELLS = ("shell", "bash", "sh")
_LANGUAGES = (*_SHELLS, "python")

#: Runs the blocks of a page in order: Python in one namespace, shell commands in one working directory.
_DRIVER = """
import json, os, subprocess, sys
namespace = {"__name__": "__main__"}
for language, line, code in json.load(open(sys.argv[1])):
    if language == "python":
        exec(compile("\\n" * line + code, sys.argv[2], "exec"), namespace)
        continue
    script = f"set -euo pipefail\\n{code}\\npwd > {sys.argv[3]}"
    done = subprocess.run(["bash", "-c", script], stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"the shell block at line {line} of {sys.argv[2]} ended with {done.returncode}")
    os.chdir(open(sys.argv[3]).read().strip())
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    line: int
    code: str


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page that can be run."""
    text = page.read_text(encoding="utf-8")
    return [
        Block(match[1], text.count("\n", 0, match.start()) + 1, match[2])
        for match in _FENCE.finditer(text)
        if match[1] in _LANGUAGES
    ]


def is_installation(block: Block) -> bool:
    """Tell the two commands of the README apart, which `.ci/run` and the packaging tests run in a clean clone."""
    return block.language in _SHELLS and block.code.startswith("python3 -m venv")


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.relative_to(_ROOT).as_posix())
def test_the_blocks_of_the_page_run(page: Path, tmp_path: Path) -> None:
    blocks = [block for block in blocks_of(page) if not is_installation(block)]
    if not blocks:
        pytest.skip("there is nothing to run on this page")
    import json

    work = tmp_path / "work"
    work.mkdir()
    if not any("init " in block.code or "init(" in block.code for block in blocks):  # the page is about other things
        blocks.insert(0, Block("shell", 0, "lamin init --storage ./manual"))
    (tmp_path / "blocks.json").write_text(json.dumps([[block.language, block.line, block.code] for block in blocks]))
    (tmp_path / "driver.py").write_text(_DRIVER)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LAMIN")},
        "LAMIN_SETTINGS_DIR": str(tmp_path / "settings"),
        "LAMIN_CACHE_DIR": str(tmp_path / "cache"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    arguments = [str(tmp_path / "blocks.json"), page.name, str(tmp_path / "directory")]
    done = subprocess.run(
        [sys.executable, str(tmp_path / "driver.py"), *arguments],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{page.name} does not run:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


def test_the_readme_has_two_commands_one_for_the_main_job_and_one_for_the_tests() -> None:
    commands = [block.code.strip() for block in blocks_of(_ROOT / "README.md") if block.language in _SHELLS]
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)
    assert commands[0].endswith("/lamin demo")
    assert "/pytest" in commands[1]


def test_every_link_of_the_manual_leads_somewhere() -> None:
    broken = []
    for page in _PAGES:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []
