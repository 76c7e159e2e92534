"""JupyterLab's settings on a hub; `dxcourse.hub.server_settings` has them."""

from dxcourse.hub.server_settings import configure_lab

configure_lab(get_config())  # type: ignore[name-defined]  # traitlets puts it here
