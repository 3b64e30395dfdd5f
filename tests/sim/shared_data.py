"""Facts and recordings that lie beside the project, in a folder of their own: not part of it."""

from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).parents[2].parent / "shared" / "data"

needs_shared_data = pytest.mark.skipif(
    not SHARED_DATA.is_dir(), reason="recordings and meter facts: there is no ../shared/data"
)
