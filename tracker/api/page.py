"""The OpenAPI document, and a page about the API with examples to copy."""

from django.http import JsonResponse
from django.views.generic import TemplateView, View

from tracker.api.endpoints import CLOCKS, PROFILE, endpoints
from tracker.api.schema import openapi_document
from tracker.pages.downloads import WAYS

EXAMPLE = "/demands"
"""The list used in the examples."""


class ApiDescription(View):
    """The OpenAPI document, with the absolute URL of this installation."""

    reports = ()

    def get(self, request):
        """The document as JSON."""
        server = request.build_absolute_uri("/").rstrip("/")
        return JsonResponse(
            openapi_document(endpoints(self.reports), server), json_dumps_params={"indent": 1}
        )


class ApiPage(TemplateView):
    """Examples for pandas, R, Stata and Excel, and all endpoints."""

    template_name = "api/page.html"
    reports = ()

    def get_context_data(self, **context):
        all_endpoints = endpoints(self.reports)
        server = self.request.build_absolute_uri("/").rstrip("/")
        return super().get_context_data(
            server=server,
            address=f"{server}{EXAMPLE}",
            lists=[endpoint for endpoint in all_endpoints if "{ref}" not in endpoint.path],
            reports=[endpoint for endpoint in all_endpoints if "{ref}" in endpoint.path],
            shared=(*CLOCKS, PROFILE),
            ways=WAYS,
            **context,
        )
