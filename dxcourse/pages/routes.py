"""The allow-list: every address that the server answers. No kernel, no file, no folder."""

from __future__ import annotations

from dxcourse.pages import admin_handlers, handlers, own_handlers
from dxcourse.pages.site import CourseSite
from dxcourse.web.handlers import NoSuchApiHandler, StaticFileHandler
from dxcourse.web.health_handlers import HealthHandler, MetricsHandler, ReadyHandler
from dxcourse.web.server import Route

NAME = "([A-Za-z0-9_.-]+)"
PICTURE = r"/pictures/([0-9a-f]{12})/([0-9a-f]{8})\.svg"


def routes(site: CourseSite) -> list[Route]:
    """The addresses of a site."""
    if site.sign_in is not None:
        return [*SHARED, *site.sign_in.routes, *VISITED]
    return [*SHARED, *(NAMELESS + VISITED if site.settings.visitors else LOCAL)]


SHARED: list[Route] = [
    (r"/", handlers.HomeHandler),
    (r"/mine", handlers.OwnPageHandler),
    (r"/search", handlers.SearchHandler),
    (r"/routes/([a-z0-9-]+)", handlers.RouteHandler),
    (r"/(?:modules|appendix)/[A-Za-z0-9_-]+", handlers.NotebookHandler),
    (r"/apps/[A-Za-z0-9_-]+", handlers.AppHandler),
    (rf"/(?:modules|appendix|apps)/[A-Za-z0-9_-]+{PICTURE}", handlers.NotebookPictureHandler),
    (r"/static/([0-9a-f]{12})/([a-z.]+)", StaticFileHandler),
    (rf"/api/answers/{NAME}", handlers.CourseAnswerHandler),
    (r"/api/afresh", handlers.RestartHandler),
    (r"/my/plan", own_handlers.OwnPlanHandler),
    (r"/my/plan\.(xlsx|ics)", own_handlers.OwnPlanFileHandler),
    (r"/my/certificate", own_handlers.OwnCertificateHandler),
    (rf"/my/before-after/{NAME}/{NAME}", own_handlers.OwnBeforeAfterHandler),
    (rf"/my/said/{NAME}", own_handlers.OwnSaidHandler),
    (r"/my/end/(\d\d)", own_handlers.OwnEndHandler),
    (r"/my/route/([a-z0-9-]+)", own_handlers.OwnRouteHandler),
    (r"/my/home", own_handlers.OwnHomeHandler),
    (r"/my/page", own_handlers.OwnThingsHandler),
    (r"/my/words\.xlsx", own_handlers.OwnWordsFileHandler),
    (r"/healthz", HealthHandler),
    (r"/readyz", ReadyHandler),
]
LOCAL: list[Route] = [
    (r"/api/learner", handlers.LocalLearnerHandler),
]
NAMELESS: list[Route] = [
    (r"/api/visitor", handlers.NewVisitorHandler),
]
VISITED: list[Route] = [
    (r"/api/learner", handlers.LearnerStateHandler),
    (rf"/api/others/{NAME}", own_handlers.AnswerCountsHandler),
    (r"/api/forget", own_handlers.ForgetHandler),
    (r"/api/openapi\.json", handlers.OpenApiHandler),
    (r"/my/answers", own_handlers.OwnAnswersHandler),
    (r"/my/answers\.json", own_handlers.OwnAnswersFileHandler),
    (r"/privacy", handlers.PrivacyHandler),
    (r"/accessibility", handlers.AccessibilityHandler),
    (r"/metrics", MetricsHandler),
    (r"/admin", admin_handlers.AdminPageHandler),
    (r"/admin/answers\.xlsx", admin_handlers.AdminFileHandler),
    (r"/(?:api|my)/.*", NoSuchApiHandler),
]
