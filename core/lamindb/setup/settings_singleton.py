"""The one `SetupSettings` object of this process."""

from __future__ import annotations

from lamindb.setup.setup_settings import SetupSettings

settings = SetupSettings()
