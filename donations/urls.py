"""The addresses of the donations app."""

from django.urls import URLPattern

app_name = "donations"
urlpatterns: list[URLPattern] = []
