"""Handlers for servers that stand on this one: homework's pages, a workshop."""

from dxcourse.serving._answer_handlers import Answers
from dxcourse.serving._handlers import HTML, Api, Handler, NotFound
from dxcourse.serving._page_handlers import StaticFile
from dxcourse.serving._watching import Health, Ready

__all__ = ["HTML", "Answers", "Api", "Handler", "Health", "NotFound", "Ready", "StaticFile"]
