"""The addresses of the donations."""

from django.urls import path

from donations import views

app_name = "donations"
urlpatterns = [
    path("", views.donate, name="donate"),
    path("to/<int:pk>/", views.leave, name="leave"),
    path("code/<int:pk>.svg", views.payment_code, name="payment_code"),
]
