from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import TinyCourse

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def course(tmp_path: Path) -> TinyCourse:
    """Give a course without a mistake."""
    return TinyCourse.make(tmp_path)
