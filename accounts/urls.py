"""The addresses of an account's own pages. Those of allauth come after them."""

from django.urls import path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from accounts import views

urlpatterns = [
    path("", require_safe(RedirectView.as_view(pattern_name="profile")), name="account"),
    path("profile/", views.profile, name="profile"),
    path("followers/", views.followers, name="followers"),
    path("sessions/", views.SessionsView.as_view(), name="usersessions_list"),
]
