"""The administrator's page: numbers and a file to who knows the secret, and to nobody else."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook

from dxcourse import course as courses
from dxcourse.answers import SqlStore, operation
from support.canaries import plant
from support.looks import DESK, PHONE, cut_off, look, violations
from support.served import Served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.chromium import Visit
    from support.study import Answer

SECRET = "an administrator's own"  # noqa: S105
FORMULA = '=HYPERLINK("https://example.jp","<b>")'
PAGE, FILE = "/admin", "/admin/answers.xlsx"

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("served")]


def signed(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:{secret}'.encode()).decode()}"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("admin")
    server = Served(
        plant(folder / "course").root,
        folder / "own",
        folder / "cache",
        admin_secret=SECRET,
        operator="<script>県</script>",
    ).start()
    exercises = courses.at(server.course).exercises.values()
    opinion = next(each for each in exercises if each.kind == "opinion")
    for number in range(2):
        answer = {"items": {item.ref: FORMULA for item in opinion.items}}
        body = {"id": f"admin-{number}-answer", "answer": answer}
        token = server.mint()
        assert server.post(f"/api/answers/{opinion.id}", body, token=token).status == 200
    yield server
    server.stop()


def ask(server: Served, path: str = PAGE, name: str = "田中", secret: str = SECRET) -> Answer:
    return server.ask(path, headers=signed(name, secret))


def test_the_page_has_numbers_and_nothing_that_someone_typed(served: Served) -> None:
    page = ask(served).text
    assert "2 件" in page
    assert "2 人" in page
    assert "まだありません" in page  # no backup was checked
    assert "&lt;script&gt;県" in page
    assert "<script" not in page
    assert "HYPERLINK" not in page
    assert "visitor-" not in page


def test_the_file_has_answers_as_text_numbers_for_people_and_is_written_down(
    served: Served,
) -> None:
    found = ask(served, FILE)
    assert "attachment" in found.headers["Content-Disposition"]
    assert found.headers["Cache-Control"] == "no-store"
    book = load_workbook(BytesIO(found.body))
    assert book.sheetnames == ["問いごと", "日ごと", "答え"]
    rows = list(book["答え"].iter_rows(min_row=2))
    assert {row[4].value for row in rows} == {FORMULA}
    assert {row[4].data_type for row in rows} == {"s"}
    assert {row[1].value for row in rows} == {1, 2}
    assert b"visitor-" not in found.body
    assert [row[1].value for row in book["日ごと"].iter_rows(min_row=2)] == [2]
    totals = [row[4].value for row in book["問いごと"].iter_rows(min_row=2)]
    assert (totals.count(2), set(totals)) == (1, {0, 2})
    with SqlStore(served.store) as store:
        [noted] = [each for each in store.operations() if each.done == "export-excel"]
    assert noted.count == 2
    assert noted.account.endswith(":田中")


@pytest.mark.browser
def test_the_page_is_accessible_and_narrow_and_says_that_a_backup_is_there(
    served: Served, visit: Visit
) -> None:
    with SqlStore(served.store) as store:
        store.note(operation("verify", 2))
    signed_in = {"username": "a", "password": SECRET}
    page = visit.browser(urlsplit(served.url).netloc, http_credentials=signed_in).new_page()
    page.goto(f"{served.url}{PAGE}")
    assert page.get_by_text("Excelで持ち出す").is_visible()
    for scheme in ("light", "dark"):
        for width in (DESK, PHONE):
            look(page, width, scheme)
            assert cut_off(page) == []
            assert violations(page) == []


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_nobody_else_gets_in_and_wrong_secrets_are_few_a_minute(served: Served, path: str) -> None:
    without = served.ask(path)
    assert without.status == 401
    assert without.headers["WWW-Authenticate"].startswith("Basic ")
    for header in ("Bearer x", "Basic !", "Basic " + base64.b64encode(b"no-colon").decode()):
        assert served.ask(path, headers={"Authorization": header}).status == 401
    crossing = signed("a", SECRET) | {"Sec-Fetch-Site": "cross-site"}
    assert served.ask(path, headers=crossing).status == 403
    statuses = [ask(served, path, secret=f"guess {n}").status for n in range(12)]
    assert statuses[-1] == 429
    assert set(statuses) <= {401, 429}
    assert ask(served, path).status == 429  # the right one waits as well: nothing is learned
    assert "guess" not in served.log.read_text(encoding="utf-8")
    assert served.ask("/").status == 200
