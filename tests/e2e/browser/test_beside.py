"""Where an item has a button of its own, its fate is seen there, and announced once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from support.controls import box, fill, right, section, submit

if TYPE_CHECKING:
    from dxcourse.course import Course
    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_what_became_of_an_item_is_said_beside_its_button_and_announced_once(
    study: Study, visit: Visit, course: Course
) -> None:
    page = visit(study, "/modules/04", name="beside")
    exercise = course.exercises["plan-class"]
    values = right(exercise)
    first, second, third = list(values)[:3]
    told = section(page, exercise).locator(".dxc-beside:not(:empty)")
    expect(told).to_have_count(0)
    for ref in (first, second):
        fill(page, exercise, ref, values[ref])
        submit(page, exercise, ref)
        expect(told).to_have_count(1)
        expect(box(page, exercise, ref).locator(".dxc-beside")).to_have_text("保存しました")
        expect(box(page, exercise, ref).locator(".dxc-beside")).to_be_in_viewport()
    box(page, exercise, third).locator(":scope > button").click()
    expect(told).to_have_count(1)
    expect(box(page, exercise, third).locator(".dxc-beside")).to_contain_text("まだ答えていない")
    live = page.locator(":is([role=status], [role=alert], [aria-live]) .dxc-beside")
    expect(live).to_have_count(0)
    expect(section(page, exercise).locator(".dxc-status")).to_contain_text("まだ答えていない")
