"""Keeps out of a start what it does not need; imported before Voila and nbgrader.

jsonschema checks the formats `iri` and `iri-reference` where it can import `rfc3987_syntax`, which
builds a grammar for more than a second: half of a start. No schema here has these formats, and
jsonschema does without them as it does where the package is not installed.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: cannot be imported
