"""A package, so that its tests may be named as the modules they test."""
