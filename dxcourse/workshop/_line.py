"""A short text that someone gives a thing: a name, a code."""


def one_line(text: str) -> str:
    """Give a text on one line, without what cannot be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
