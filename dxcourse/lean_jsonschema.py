"""Imports jsonschema without a grammar that takes half of a start; before Jupyter's servers are.

jsonschema checks the formats `iri` and `iri-reference` where it can import `rfc3987_syntax`, which
builds a grammar for more than a second. No schema here has these formats, and jsonschema does
without them as it does where the package is not installed. Afterwards the package can be imported
by whoever wants it.
"""

import sys

GRAMMAR = "rfc3987_syntax"

if GRAMMAR not in sys.modules:
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]  # None: cannot be imported
    try:
        import jsonschema  # type: ignore[import-untyped]  # noqa: F401
    finally:
        del sys.modules[GRAMMAR]
