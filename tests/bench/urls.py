"""The addresses of the application, and that of the bare page it is measured against."""

from django.urls import path

from tests.bench.bare import bare
from tracker.urls import urlpatterns as pages

urlpatterns = [path("bare/", bare), *pages]
