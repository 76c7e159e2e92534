"""The exercise on screen: one front end, as a widget (`live`) and as a script on our pages."""

from dxcourse.widgets.bundle import page_script, script, strings, style, token_colours, tokens

__all__ = ["page_script", "script", "strings", "style", "token_colours", "tokens"]
