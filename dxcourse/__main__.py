"""``python -m dxcourse`` is ``dxcourse``."""

from dxcourse.cli import main

main()
