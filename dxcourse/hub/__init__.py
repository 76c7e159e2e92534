"""The course on a JupyterHub: the hub's settings, learners' servers, nbgrader's exchange."""

from dxcourse.hub.hub_settings import SERVICE, HubSettings, configure_hub

__all__ = ["SERVICE", "HubSettings", "configure_hub"]
