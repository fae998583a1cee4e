"""The addresses of discussions."""

from django.urls import path, re_path

from comments import views

app_name = "comments"
urlpatterns = [
    re_path(r"^articles/(?P<slug>[-\w]+)/comments/$", views.discussion, name="discussion"),
    path("comments/<int:number>/", views.permalink, name="permalink"),
    path("comments/<int:number>/vote/", views.vote, name="vote"),
]
