"""Handlers for servers that stand on this one: homework's pages, say."""

from dxcourse.serving._answer_handlers import Answers
from dxcourse.serving._handlers import Api, Handler
from dxcourse.serving._page_handlers import StaticFile
from dxcourse.serving._watching import Health, Ready

__all__ = ["Answers", "Api", "Handler", "Health", "Ready", "StaticFile"]
