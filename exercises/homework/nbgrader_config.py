"""The course's homework: an ordinary nbgrader course, with the steps of dxcourse among its own.

Settings of your own (exchange, deadlines, late penalties) belong below `configure`.
"""

import sys

try:
    from dxcourse.homework.nbgrader.config import configure
except Exception as error:  # whatever it is: nbgrader would only log it
    # nbgrader would go on with its own settings, give learners the keys and run their code.
    sys.exit(f"nbgrader_config.py: dxcourse cannot be imported ({error!r}); nothing was done")

c = get_config()  # type: ignore[name-defined]  # traitlets puts it here
configure(c)

c.CourseDirectory.course_id = "dx"
# Formgrader shows and takes deadlines in Japan time. Exchange.timezone stays UTC: nbgrader would
# write JST into timestamp.txt, cannot read that, and takes it for UTC, nine hours late.
c.NbGraderAPI.timezone = "Asia/Tokyo"
