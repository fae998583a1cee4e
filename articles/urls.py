"""The addresses of the articles app."""

from django.urls import URLPattern

app_name = "articles"
urlpatterns: list[URLPattern] = []
