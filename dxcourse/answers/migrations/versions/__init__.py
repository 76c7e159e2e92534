"""One file a step. A step that was released never changes: the next one mends it."""
