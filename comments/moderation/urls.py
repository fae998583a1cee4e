"""The addresses of the moderation desk."""

from django.urls import path

from comments.views import moderating, spam, trial

app_name = "moderation"
urlpatterns = [
    path("", moderating.desk, name="desk"),
    path("decide/", moderating.decide, name="decide"),
    path("undo/", moderating.undo, name="undo"),
    path("news/", moderating.news, name="news"),
    path("spam/", spam.spam, name="spam"),
    path("trial/", trial.trial, name="trial"),
    path("<int:number>/", moderating.case, name="case"),
    path("<int:number>/take/", moderating.take, name="take"),
]
