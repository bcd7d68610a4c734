"""The page about writing a module does what it says: its commands and its code run in the given order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "modules.md"
_BLOCK = re.compile(r"^```(console|py)\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
_APPENDED = re.compile(r"# (\S+), at its end\n")


def test_the_page_runs_from_top_to_bottom(lab) -> None:
    folder = lab.folder / "work"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder / "mylab"),
        "LAMIN_LOAD_PLUGINS": "mylab.plugin",  # stands for the installation of the package
    }
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 9
    for kind, text in blocks:
        appended = _APPENDED.match(text)
        if appended is not None:
            with (folder / appended[1]).open("a", encoding="utf-8") as stream:
                stream.write(f"\n\n{text}")
        elif kind == "py":
            lab.run(text, **environment)
        else:
            commands = [line for line in text.splitlines() if not line.startswith(("pip ", "pytest "))]
            _run_shell(
                "\n".join(commands),
                lab,
                {**environment, "LAMIN_LOAD_PLUGINS": "mylab.plugin" if (folder / "mylab").exists() else ""},
            )
    assert list((folder / "mylab" / "mylab" / "migrations").glob("0002_*.py"))


def _run_shell(text: str, lab, environment: dict[str, str]) -> None:
    settings = {
        "LAMIN_SETTINGS_DIR": str(lab.folder / "settings"),
        "LAMIN_CACHE_DIR": str(lab.folder / "cache"),
        "HOME": str(lab.folder / "home"),
    }
    done = subprocess.run(
        ["bash", "-e", "-c", text], cwd=lab.folder / "work", capture_output=True, text=True, timeout=300,
        env={**os.environ, **settings, **environment},
    )  # fmt: skip
    assert done.returncode == 0, f"{text}\n{done.stdout}\n{done.stderr}"
