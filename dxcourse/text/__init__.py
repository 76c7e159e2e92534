"""What people read: the words in `ja/`, an area a file, and what is done to text that they type.

``say("homework.late", days=3)`` gives a text of `ja/homework.yaml` with its blanks filled;
``words("pages.script")`` gives a part of an area as data, for scripts. In templates the same call
is ``t``. `tests/text/test_uses.py` holds that each text is there, is used, and has its blanks
filled.
"""

from dxcourse.text.catalogue import LANGUAGE, TextError, say, say_all, words

__all__ = ["LANGUAGE", "TextError", "say", "say_all", "words"]
