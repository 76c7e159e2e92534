"""JupyterHub with the course: notebooks, pages and homework of a learner under one name.

The guide is docs/hosting/jupyterhub.md. Secrets come from the environment of the hub's unit.
"""

import os
from pathlib import Path

from dxcourse.hub import HubSettings, configure_hub

c = get_config()
configure_hub(
    c,
    HubSettings(
        public_url="https://hub.example.jp",
        instructors=frozenset({"sensei"}),
        store=os.environ["DXCOURSE_STORE"],  # postgresql://dxcourse:…@db.internal/dxcourse
        gradebook=os.environ.get("DXCOURSE_GRADEBOOK", ""),
        homework=Path("/srv/dxcourse/homework"),
        exchange=Path("/srv/nbgrader/exchange"),
        service={"operator": "架空県DX推進課", "contact": "dx@pref.example.jp"},
    ),
)

c.JupyterHub.db_url = "sqlite:////srv/jupyterhub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/srv/jupyterhub/cookie_secret"  # noqa: S105  -- a place
c.ConfigurableHTTPProxy.pid_file = "/srv/jupyterhub/proxy.pid"

# People log in with their account of this machine; docs/hosting/jupyterhub.md has LTI and others.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "localprocess"

# A learner's share: kernels get no more memory than this each. A limit on the whole server, and on
# processors, is kept by systemdspawner, dockerspawner and kubespawner, which read the same lines.
c.Spawner.mem_limit = "1G"
c.Spawner.cpu_limit = 1.0
