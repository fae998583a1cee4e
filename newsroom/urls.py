"""Every address of the site."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from comments.limits.guarding import limited
from donations.views import checkout, donors
from donations.webhooks import webhook
from newsroom.health import healthz, readyz
from newsroom.media import media_file
from newsroom.personal import personal

# Staff log in where everyone does.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler429 = "newsroom.errors.too_often"
handler500 = "newsroom.errors.broken"

urlpatterns = [
    path("admin/moderation/", include("comments.moderation.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("accounts.personal_data.urls")),
    path("accounts/", include("allauth.urls")),
    # Whoever asks for letters asks as often as elsewhere.
    path("donate/card/", limited("ask")(checkout.card)),
    path("donate/monthly/", limited("ask")(donors.links)),
    path("donate/", include("donations.urls")),
    path("webhooks/<slug:provider>/", webhook, name="webhook"),
    path("personal/", personal, name="personal"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("media/<path:path>", media_file, name="media"),
    path("", include("comments.urls")),
    path("", include("articles.urls")),
]
