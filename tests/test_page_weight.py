"""What a page with one exercise may cost; `make bench` compares it with stock Voila."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks._browser import visit as first_visit

if TYPE_CHECKING:
    from support.chromium import Chromium
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

REQUESTS = 8
BYTES = 100_000


@pytest.mark.parametrize("name", ["plan-class", "what-is-dx"])
def test_a_first_visit_is_light_and_asks_no_other_host(
    study: Study, chromium: Chromium, name: str
) -> None:
    chromium.take_up()
    try:
        seen = first_visit(chromium.browser, f"{study.url}/apps/{name}")
    finally:
        chromium.lay_down()
    assert seen.requests <= REQUESTS
    assert seen.bytes <= BYTES
    assert seen.others == set()
