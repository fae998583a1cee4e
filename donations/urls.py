"""The addresses of the donations."""

from django.urls import path

from donations.views import checkout, donors, giving

app_name = "donations"
urlpatterns = [
    path("", giving.donate, name="donate"),
    path("past/", giving.past, name="past"),
    path("card/", checkout.card, name="card"),
    path("thanks/", checkout.thanks, name="thanks"),
    path("to/<int:pk>/", giving.leave, name="leave"),
    path("code/<int:pk>.svg", giving.payment_code, name="payment_code"),
    path("gifts/<str:token>/", donors.gift, name="gift"),
    path("monthly/<str:token>/", donors.pledge, name="pledge"),
    path("monthly/", donors.links, name="links"),
]
