"""A real nginx with a file of `deploy/`, as the user who tests: without TLS, at a free port."""

from __future__ import annotations

import os
import re
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from suite import NO_NGINX, find_nginx
from support.processes import end
from support.proxy import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MAIN = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxied;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


@contextmanager
def nginx(name: str, target: str, folder: Path, *, strips: bool, port: int) -> Iterator[str]:
    """Serve what is at `target` (host and port) through a file of `deploy/`; nginx's own address.

    Parameters
    ----------
    strips
        Whether the folder is taken off, as the file says that it may be.
    """
    program = find_nginx(os.environ)
    assert program is not None, NO_NGINX
    text = (DEPLOY / name).read_text(encoding="utf-8")
    text = re.sub(r"^ *(?:ssl_\S+|listen \[).*\n", "", text, flags=re.MULTILINE)
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    text = text.replace("127.0.0.1:8850 ", f"{target} ")
    assert target in text
    if strips:
        text = text.replace("proxy_pass http://dxcourse;", "proxy_pass http://dxcourse/;")
    # Whose site it is stands in `Host`, with the port that no site in use has.
    text = text.replace("Host $host;", "Host $http_host;")
    text = text.replace("www.pref.example.jp", "127.0.0.1")
    (folder / "site.conf").write_text(text, encoding="utf-8")
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder), encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(main), "-e", str(folder / "error.log")],
            stdout=log,
            stderr=log,
        )
    try:
        _await(port, folder)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def _await(port: int, folder: Path) -> None:
    limit = time.monotonic() + 20
    while time.monotonic() < limit:
        try:
            fetch(f"http://127.0.0.1:{port}/")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError((folder / "log").read_text(encoding="utf-8"))
