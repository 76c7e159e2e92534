"""JupyterLab's settings on a hub; `dxcourse.hub.lab_settings` has them."""

from dxcourse.hub.lab_settings import configure_lab

configure_lab(get_config())  # type: ignore[name-defined]  # traitlets puts it here
