"""The course as pages: rendered once by our Voila application, answers over HTTP."""

import dxcourse.lean_jsonschema  # noqa: F401  -- before Voila is imported
