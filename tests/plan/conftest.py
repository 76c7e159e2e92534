from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from plan_making import Learner, small_course

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(small_course(tmp_path), tmp_path)
