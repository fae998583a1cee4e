"""The addresses of an account's pages about its own data."""

from django.urls import path

from accounts.personal_data import views

urlpatterns = [
    path("data/", views.own_data, name="own_data"),
    path("data/download/", views.download, name="own_data_download"),
    path("data/erase/", views.erase, name="own_data_erase"),
    path("data/erased/", views.erased, name="own_data_erased"),
]
