"""At which site a collector hangs. No collector knows, so none tells it: the list that `make
provision` keeps does.
"""

import csv
from pathlib import Path


class SitesError(Exception):
    """The list cannot be used; one line says why."""


def sites(path: Path) -> dict[str, str]:
    """The site of each collector in a `provisioned.csv`; of one that was moved, the last. Raises
    `SitesError`.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file, strict=True)
            if not {"site", "collector"} <= set(rows.fieldnames or ()):
                raise SitesError(
                    f"{path}: has no site and collector: did `make provision` write it?"
                )
            # Of one that did not answer there is a line too, but not its name.
            return {row["collector"]: row["site"] or "" for row in rows if row["collector"]}
    except OSError as error:
        raise SitesError(f"{path}: cannot be read: {error.strerror}") from error
    except (csv.Error, UnicodeError) as error:
        raise SitesError(f"{path}: is no list of `make provision`: {error}") from error
