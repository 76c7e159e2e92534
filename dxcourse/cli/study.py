"""The course for one learner, on this machine: as pages, or in JupyterLab."""

from __future__ import annotations

import click

from dxcourse.cli.readable import readable

DEFAULT_PORT = 8840


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8840 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option(
    "--public-url", default="", help="The address it is reached by, where a proxy is in front."
)
@readable
def study(port: int | None, public_url: str, *, no_browser: bool) -> None:
    """Serve the course to one learner, on this machine; answers go to a file."""
    from dxcourse import course
    from dxcourse.pages.app import study_course
    from dxcourse.web.setting_sources import local_settings

    chosen = local_settings(port=DEFAULT_PORT if port is None else port, public_url=public_url)
    study_course(
        course.current().root,
        chosen,
        click.echo,
        search_port=port is None,
        open_browser=not no_browser,
    )


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8888 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def lab(port: int | None, *, no_browser: bool) -> None:
    """Open JupyterLab on the course, in Japanese, without its calls to the outside."""
    from dxcourse import course
    from dxcourse.lab import launch

    launch(course.current().root, port=port, open_browser=not no_browser)
