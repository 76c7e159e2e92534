"""Options that point at other options instead of answering."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.checking._questions import questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._finding import Finding

ALL = "(?:すべて|全て|全部|どれも|いずれも|どちらも|両方とも?|[二三四五]つとも|みな)"
OTHERS = "(?:上記|以上|上|これら|この(?:中|うち)|[二三四五]つ)"
RIGHT = "(?:正しい|正解|当てはまる|あてはまる|該当)"
CATCH_ALL = re.compile(
    rf"""
      {OTHERS} (?:の(?:選択肢|もの|うち|答え))* [はのが、]* {ALL}      # 上のすべて
    | {ALL} [がはの、]* {RIGHT}                                        # どれも正しい
    | ^ {ALL} (?:だ|です)? 。? $                                       # すべて
    | 上記
    | (?:どれ|いずれ|どちら) (?:で|に)? も (?:ない|なし|ありません|{RIGHT}|正しく|[当あ]て?はまら)
    | ^ (?:該当|正解) (?:なし|しない|は?ない)
    | (?:all|none|both) \s+ of \s+ the
    """,
    re.VERBOSE | re.IGNORECASE,
)


def catch_all(content: Content) -> Iterator[Finding]:
    """Hold that no option of a marked question is 「上のすべて」, 「どれでもない」 or the like.

    Options are shuffled, so that there is no "above"; and who knows two of them knows the answer.
    """
    for question in questions(content):
        for index, option in enumerate(question.item.options):
            if CATCH_ALL.search(option.text):
                message = (
                    f'option "{option.id}" stands for all or none of the others; '
                    "write an answer of its own, or use kind: multichoice"
                )
                yield question.at_option(index, message, "text")
