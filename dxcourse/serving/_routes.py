"""The allow-list: every address that the server answers. No kernel, no file, no folder."""

from __future__ import annotations

from typing import Any

from dxcourse.serving import _answer_handlers as answers
from dxcourse.serving import _handlers as handlers
from dxcourse.serving import _own as own
from dxcourse.serving import _page_handlers as pages
from dxcourse.serving import _visitor_handlers as visitors
from dxcourse.serving import _watching as watching
from dxcourse.serving._site import Site

NAME = "([A-Za-z0-9_.-]+)"
Route = tuple[str, type[Any], dict[str, Site]]


def routes(site: Site) -> list[Route]:
    """The addresses of a site."""
    ours = site.addresses
    if ours is None:
        ours = [*SHARED, *(VISITED if site.manner.visitors else LOCAL)]
    return [(pattern, handler, {"site": site}) for pattern, handler in ours]


SHARED: list[tuple[str, type[Any]]] = [
    (r"/", pages.HomePage),
    (r"/(?:modules|appendix)/[A-Za-z0-9_-]+", pages.NotebookPage),
    (r"/apps/[A-Za-z0-9_-]+", pages.AppPage),
    (r"/static/([0-9a-f]{12})/([a-z.]+)", pages.StaticFile),
    (rf"/api/answers/{NAME}", answers.Answers),
    (r"/api/afresh", answers.Afresh),
    (r"/my/plan", own.OwnPlan),
    (r"/my/plan\.(xlsx|ics)", own.OwnPlanFile),
    (r"/my/certificate", own.OwnCertificate),
    (rf"/my/before-after/{NAME}/{NAME}", own.OwnBeforeAfter),
    (r"/healthz", watching.Health),
    (r"/readyz", watching.Ready),
]
LOCAL: list[tuple[str, type[Any]]] = [
    (r"/api/learner", answers.LocalLearner),
]
VISITED: list[tuple[str, type[Any]]] = [
    (r"/api/learner", answers.Learner),
    (r"/api/visitor", answers.Visitor),
    (rf"/api/others/{NAME}", visitors.Others),
    (r"/api/forget", visitors.Forget),
    (r"/api/openapi\.json", pages.Description),
    (r"/my/answers", visitors.OwnAnswers),
    (r"/my/answers\.json", visitors.OwnAnswersFile),
    (r"/privacy", pages.PrivacyPage),
    (r"/metrics", watching.Metrics),
    (r"/(?:api|my)/.*", handlers.NoSuchApi),
]
