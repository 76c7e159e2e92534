"""nbgrader's settings on a hub: the course's own, where someone grades, and the exchange."""

import sys

try:
    from dxcourse.hub.server_settings import configure_exchange, instructors_folder
except Exception as error:  # nbgrader would only log it, and hand in under another name
    sys.exit(f"nbgrader_config.py: dxcourse cannot be imported ({error!r}); nothing was done")

c = get_config()  # type: ignore[name-defined]  # traitlets puts it here
homework = instructors_folder()
if homework is not None:
    load_subconfig("nbgrader_config.py", path=str(homework))  # type: ignore[name-defined]
    c.CourseDirectory.root = str(homework)
configure_exchange(c)
