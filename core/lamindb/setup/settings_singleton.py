"""The one `SetupSettings` object of this process."""

from __future__ import annotations

from lamindb.setup.setup_settings import SetupSettings
from lamindb.storage.cache import set_cache_dir_provider

settings = SetupSettings()

set_cache_dir_provider(lambda: settings.cache_dir_path)
