"""What all tests share: how hard the laws are tried, and real data where there is any."""

from pathlib import Path

import pytest
from hypothesis import settings

# `ci` is the same run every time; `make laws` searches anew, with thousands of examples a law.
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=25, print_blob=True)
settings.register_profile("laws", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("ci")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real profiles, beside the repository; tests that ask for it are skipped without."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data is not here: no folder ../shared/data beside the repository")
    return SHARED_DATA
