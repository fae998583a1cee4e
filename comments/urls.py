"""The addresses of discussions."""

from django.urls import path

import articles.converters  # noqa: F401 (registers "uslug")
from articles.feeds import feed_paths
from comments import views
from comments.feeds import DiscussionFeed

app_name = "comments"
urlpatterns = [
    path("articles/<uslug:slug>/comments/", views.discussion, name="discussion"),
    path("articles/<uslug:slug>/comments/news/", views.news, name="news"),
    path("articles/<uslug:slug>/comments/new/", views.new_comments, name="new"),
    *feed_paths("articles/<uslug:slug>/comments/", "feed", DiscussionFeed),
    path("articles/<uslug:slug>/follow/", views.follow_discussion, name="follow"),
    path("accounts/guest-comments/", views.claim, name="claim"),
    path("accounts/notifications/", views.notifications, name="notifications"),
    path("readers/<int:number>/", views.reader, name="reader"),
    path("subscriptions/<str:token>/", views.subscriptions, name="subscriptions"),
    path("subscriptions/<str:token>/confirm/", views.confirm, name="confirm"),
    path("subscriptions/<str:token>/unsubscribe/", views.unsubscribe, name="unsubscribe"),
    path("challenge/", views.challenge, name="challenge"),
    path("your-data/", views.ask_own_data, name="ask_own_data"),
    path("your-data/<str:token>/", views.own_data, name="own_data"),
    path("your-data/<str:token>/download/", views.download_own_data, name="download_own_data"),
    path("your-data/<str:token>/erase/", views.erase_own_data, name="erase_own_data"),
    path("transparency/", views.transparency, name="transparency"),
    path("comments/<int:number>/", views.permalink, name="permalink"),
    path("comments/<int:number>/edit/", views.edit, name="edit"),
    path("comments/<int:number>/delete/", views.delete, name="delete"),
    path("comments/<int:number>/vote/", views.vote, name="vote"),
    path("comments/<int:number>/report/", views.report, name="report"),
    path("comments/<int:number>/appeal/", views.appeal, name="appeal"),
]
