"""Puts a site into a folder of another's address: one place knows, no page does.

A page says ``href="/modules/01"``, as if it were served at the top. Where the site is under a base
path, as ``/course``, its links are rewritten when the page is made, and the page's `html` element
says the base to its scripts (``data-base``). Requests may come with the base, from a proxy that
hands on the whole address, or without, from one that strips it.
"""

from __future__ import annotations

import re

LINK = re.compile(r"""(<[a-zA-Z][^<>]*?\s(?:href|src|action|poster)=["'])(/(?!/))""")
ROOT = re.compile(r"<html(?=[\s>])")


def under_base(html: str, base: str) -> str:
    """A page or a piece of one whose links lead to where the site is.

    What a person typed cannot be taken for a link: it is escaped, and has no ``<``.
    """
    if not base:
        return html
    html = LINK.sub(rf"\1{base}\2", html)
    return ROOT.sub(f'<html data-base="{base}"', html, count=1)


def moved_base(html: str, old: str, new: str) -> str:
    """A page that was made for one base, for another one."""
    if not old:
        return under_base(html, new)
    start = r"""(<[a-zA-Z][^<>]*?\s(?:href|src|action|poster)=["'])"""
    html = re.sub(rf"{start}{re.escape(old)}(/)", rf"\1{new}\2", html)
    return html.replace(f'<html data-base="{old}"', f'<html data-base="{new}"', 1)


def route_pattern(pattern: str, base: str) -> str:
    """The pattern of an address that may come with the base and without."""
    if not base:
        return pattern
    folder = re.escape(base)
    return rf"(?:{folder})?{pattern}" if pattern != "/" else rf"(?:(?:{folder})?/|{folder})"
