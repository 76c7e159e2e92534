"""Mails to learners: each has what is theirs, and nobody else's."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from dxcourse.cli import main
from dxcourse.homework import HomeworkCourse, HomeworkError, give_back, grade_all, set_due
from dxcourse.homework.deadlines import extend
from dxcourse.homework.mail import (
    MailText,
    address_of,
    feedback_mails,
    link_mails,
    write_mails,
)
from dxcourse.homework.pages import Links, publish_feedback, withdraw_feedback, write_links
from support.homework import HW, Homework, right_answers

UNTIL = datetime(2099, 1, 1, tzinfo=UTC)
ROSTER = (
    "id,last_name,first_name,email\n"
    "u01,山田,太郎,yamada@example.jp\n"
    "u02,=1+1,花子,hanako@example.jp\n"
    "u03,鈴木,一郎,\n"
    "u04,佐藤,次郎,あて先\n"
)


@pytest.fixture
def links(course: HomeworkCourse) -> Links:
    return Links("a secret of the tests", course.root / ".dxcourse-revoked.json")


@pytest.fixture
def table(course: HomeworkCourse, links: Links, tmp_path: Path) -> Path:
    """The table of links of four learners, of whom two can be written to."""
    roster, file = tmp_path / "roster.csv", tmp_path / "links.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    write_links(course, HW, roster, file, links=links, address="https://dx.example.jp", until=UNTIL)
    set_due(course, HW, "2026-12-25 17:00")
    extend(course, HW, "u02", days=3)
    return file


def rows(data: str) -> dict[str, dict[str, str]]:
    return {row["受講者"]: row for row in csv.DictReader(StringIO(data, newline=""))}


def test_each_learner_gets_their_own_link_and_deadline(
    course: HomeworkCourse, links: Links, table: Path, tmp_path: Path
) -> None:
    made = link_mails(course, HW, table, links, MailText.of("links"))
    assert [mail.student for mail in made.mails] == ["u01", "u02"]
    assert [line.split("：")[0] for line in made.left_out] == ["u03", "u04"]
    write_mails(made.mails, tmp_path / "m.csv", tmp_path / "eml", address_of("office@example.jp"))
    found = rows((tmp_path / "m.csv").read_text(encoding="utf-8-sig"))
    for student, row in found.items():
        assert links.read(row["リンク"].rsplit("/", 1)[-1]).who == links.who(HW, student)
        assert row["リンク"] in row["本文"]
        draft = message_from_bytes((tmp_path / f"eml/{student}.eml").read_bytes(), policy=default)
        body = draft.get_content()
        for other in found.values():
            assert (other["リンク"] in body) is (other is row)
        assert draft["To"].addresses[0].addr_spec == row["宛先"]
        assert (draft["From"], draft["X-Unsent"]) == ("office@example.jp", "1")
    assert "12月25日 17:00" in found["u01"]["本文"]
    assert "12月28日 17:00" in found["u02"]["本文"]
    assert found["u02"]["氏名"].startswith("'=")
    with pytest.raises(HomeworkError, match="前に作ったメール"):
        write_mails(made.mails, tmp_path / "m.csv", tmp_path / "eml")


def test_a_link_that_opens_nothing_is_not_mailed(
    course: HomeworkCourse, links: Links, table: Path, tmp_path: Path
) -> None:
    links.revoke(HW, "u01")
    made = link_mails(course, HW, table, links, MailText.of("links"))
    assert [mail.student for mail in made.mails] == ["u02"]
    assert "u01：リンクが使えません" in made.left_out[0]
    swapped = table.read_text(encoding="utf-8-sig").replace("u02,", "u09,")
    (tmp_path / "swapped.csv").write_text(swapped, encoding="utf-8")
    made = link_mails(course, HW, tmp_path / "swapped.csv", links, MailText.of("links"))
    assert made.mails == []
    assert any("u09：この課題の、この人のリンクではありません" in line for line in made.left_out)


def test_without_a_deadline_its_line_is_left_out(
    course: HomeworkCourse, links: Links, table: Path
) -> None:
    with course.gradebook() as gradebook:
        gradebook.update_or_create_assignment(HW, duedate=None)
    (mail, *_) = link_mails(course, HW, table, links, MailText.of("links")).mails
    assert "締切：" not in mail.body
    assert "\n\n\n" not in mail.body


def test_feedback_goes_to_whom_it_was_given(
    course: HomeworkCourse, homework: Homework, links: Links, table: Path, tmp_path: Path
) -> None:
    for student in ("u01", "u02"):
        homework.hand_in(student, right_answers(homework.source))
    grade_all(course, HW)
    text = MailText.of("feedback")
    with pytest.raises(HomeworkError, match="返せるものがありません"):
        feedback_mails(course, HW, text)
    give_back(course, HW)
    publish_feedback(course, HW, links, "u01")
    made = feedback_mails(course, HW, text, file=table, links=links)
    assert [mail.student for mail in made.mails] == ["u01"]
    assert made.mails[0].link.endswith("/feedback")
    assert all("まだページで返していません" in line for line in made.left_out)
    withdraw_feedback(course, HW, links)
    assert feedback_mails(course, HW, text, file=table, links=links).mails == []
    attached = feedback_mails(course, HW, MailText.of("feedback_attached"))
    write_mails(attached.mails, tmp_path / "m.csv", tmp_path / "eml")
    for student in ("u01", "u02"):
        draft = message_from_bytes((tmp_path / f"eml/{student}.eml").read_bytes(), policy=default)
        (page,) = draft.iter_attachments()
        assert f"<dd>{student}</dd>" in page.get_content()


def test_a_text_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("【{title}】\r\n\r\n{name}様\r\n締切 {due}\r\n{link}\r\n", encoding="utf-8")
    values = {"name": "{link}", "title": "宿題", "due": "", "link": "https://x"}
    assert MailText.of("links", file).filled(values) == ("【宿題】", "{link}様\nhttps://x\n")
    for wrong, told in {
        "件名だけ": "一行めに件名",
        "件名\n{nmae}様": r"\{nmae\} は入れられません",
    }.items():
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(HomeworkError, match=told):
            MailText.of("links", file)
    file.write_bytes("件名\n本文".encode("cp932"))
    with pytest.raises(HomeworkError, match="読めません"):
        MailText.of("links", file)


@pytest.mark.parametrize("text", ["", "a", "a@", "@b", "a b@c", "a@b\nBcc: x@y", "あ@example.jp"])
def test_what_is_no_address_is_not_written_to(text: str) -> None:
    assert address_of(text) is None


def test_the_commands(
    course: HomeworkCourse, homework: Homework, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root)
    monkeypatch.setenv("DXCOURSE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("DXCOURSE_SECRET_FILE", str(tmp_path / "secret"))
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["homework", *arguments])
        return done.exit_code, done.output

    table, out = str(tmp_path / "links.csv"), str(tmp_path / "mail.csv")
    address = ("--address", "https://dx.example.jp")
    assert run("links", HW, table, "--roster", str(tmp_path / "roster.csv"), *address)[0] == 0
    code, said = run("mail-links", HW, out, "--links", table, "--from", "x")
    assert (code, "「x」はメールアドレスではありません" in said) == (2, True)
    code, said = run("mail-links", HW, out, "--links", table)
    assert (code, "2 人分のメールを書きました（送ってはいません）" in said) == (1, True)
    assert run("mail-links", HW, out, "--links", str(tmp_path / "roster.csv"))[0] == 1
    homework.hand_in("u01", right_answers(homework.source))
    assert run("release", HW, "--due", "2099-12-25")[0] == 0
    assert run("grade", HW)[0] == 0
    assert run("feedback", HW)[0] == 0
    Path(out).unlink()
    code, said = run("mail-feedback", HW, out)
    assert (code, "締切の前" in said, Path(out).exists()) == (1, True, False)
    assert run("mail-feedback", HW, out, "--yes")[0] == 0
    code, said = run("mail-feedback", HW, out, "--links", table)
    assert (code, "u01：まだページで返していません" in said) == (1, True)
