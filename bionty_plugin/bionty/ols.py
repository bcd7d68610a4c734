"""Asks the ontology lookup service (OLS) of the EBI where an ontology is published that the manifest does not list."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from urllib.parse import quote, urlsplit

from bionty.manifest import ListedSource
from bionty.online import TIMEOUT, NotReachable

#: Where the service answers; `{prefix}` stands for the short name of an ontology.
URL = "https://www.ebi.ac.uk/ols4/api/ontologies/{prefix}"
_NUMBERED = re.compile(r"\d+(?:[.-]\d+)*")


def find(prefix: str, entity: str) -> ListedSource | None:
    """Return an ontology in its current version; `None` if the service does not know it.

    Args:
        prefix: its short name, such as `"oba"`.
        entity: the registry that it is for.

    Raises:
        NotReachable: if the service does not answer.
    """
    address = URL.replace("{prefix}", quote(prefix.lower(), safe=""))
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise NotReachable(f"{urlsplit(address).netloc} answers {error.code}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise NotReachable(f"{urlsplit(address).netloc} is not reachable ({reason})") from error
    config = answer.get("config") or {}
    place = config.get("fileLocation") or config.get("versionIri")
    if not place:
        return None
    version = answer.get("version") or config.get("version") or config.get("versionIri") or ""
    number = _NUMBERED.search(str(version))
    pattern = str(place)
    if number is not None and number[0] in str(config.get("versionIri") or ""):  # a place of its own for each version
        pattern = str(config["versionIri"]).replace(number[0], "{version}")
    return ListedSource(
        entity=entity.removeprefix("bionty."),
        name=prefix.lower(),
        organism="all",
        version=number[0] if number is not None else "latest",
        url_pattern=pattern,
        title=config.get("title"),
        website=config.get("homepage"),
        versions=(),
        is_default=False,
    )
