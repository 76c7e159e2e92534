"""The course for one learner, on this machine: as pages, or in JupyterLab."""

from __future__ import annotations

import click

from dxcourse.cli.readable import readable

DEFAULT_PORT = 8840


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8840 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def study(port: int | None, *, no_browser: bool) -> None:
    """Serve the course to one learner, on this machine; answers go to a file."""
    from dxcourse import course, settings
    from dxcourse.answers import FileStore
    from dxcourse.answers.writer import AnswerWriter
    from dxcourse.pages.app import server
    from dxcourse.pages.site import CourseSite
    from dxcourse.web.identity import LocalIdentity, kept_secret
    from dxcourse.web.settings import THIS_MACHINE

    found = course.current()
    answers = settings.answers_file(found.root)
    store = FileStore(answers)
    learners = LocalIdentity(kept_secret(answers.parent / "secret"), settings.local_learner())
    site = CourseSite(
        root=found.root,
        store=store,
        writer=AnswerWriter(store),
        learners=learners,
        hosts=THIS_MACHINE,
    )
    server(
        site,
        host="127.0.0.1",
        port=DEFAULT_PORT if port is None else port,
        search_port=port is None,
        open_browser=not no_browser,
        announce=lambda url: click.echo(f"{url}\n{answers}"),
    ).start()


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8888 or a free one near it.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@readable
def lab(port: int | None, *, no_browser: bool) -> None:
    """Open JupyterLab on the course, in Japanese, without its calls to the outside."""
    from dxcourse import course
    from dxcourse.lab import launch

    launch(course.current().root, port=port, open_browser=not no_browser)
