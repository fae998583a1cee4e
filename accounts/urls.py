"""The addresses of an account's own pages. Those of allauth come after them."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("followers/", views.followers, name="followers"),
    path("sessions/", views.SessionsView.as_view(), name="usersessions_list"),
]
