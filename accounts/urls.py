"""The addresses of an account's own pages. Those of allauth come after them."""

from django.urls import path

from accounts.views import SessionsView

urlpatterns = [
    path("sessions/", SessionsView.as_view(), name="usersessions_list"),
]
