"""The settings, driven by the environment: deploy/env.example lists every variable.

With none set, this is a production-like site on this machine: DEBUG off, a Postgres of our own
and a generated secret, both in ``NEWSROOM_DATA``.
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import html_tags
from js_asset import static_lazy
from whitenoise.compress import Compressor

from newsroom.desk import desk_navigation, publication_name

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
# Database, media and collected static files live here; nothing else is written.
DATA_DIR = Path(env("NEWSROOM_DATA", default=str(BASE_DIR / "var"))).resolve()


def _persistent_secret() -> str:
    """Return the secret kept in the data folder, made at the first start (mode 0600)."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole under another name first: two processes that start together agree.
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


# The site's own address; https turns on all that needs it.
NEWSROOM_URL = env("NEWSROOM_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(NEWSROOM_URL)
IS_HTTPS = _site.scheme == "https"

LOGIN_URL = "account_login"
DEBUG = env.bool("DEBUG", default=False)
# Off, the worker that shows saved reports removes itself from readers' browsers.
OFFLINE_READING = env.bool("OFFLINE_READING", default=True)
# For how long readers may change or delete what they wrote.
COMMENT_EDIT_MINUTES = env.int("COMMENT_EDIT_MINUTES", default=15)
# A second opinion on spam from outside; nobody is asked without the key.
AKISMET_KEY = env("AKISMET_KEY", default="")
AKISMET_URL = env("AKISMET_URL", default="https://rest.akismet.com").rstrip("/")
# How often anybody may do what: so many at once, then one each so many seconds.
COMMENT_LIMITS = env.bool("COMMENT_LIMITS", default=True)
# Where the counts are kept; empty: in Postgres.
REDIS_URL = env("REDIS_URL", default="")
COMMENT_RATES: dict[str, dict[str, tuple[int, float]]] = {
    "comment": {"reader": (30, 10), "network": (100, 1)},
    "vote": {"reader": (60, 1), "network": (600, 0.1)},
    "ask": {"reader": (10, 60), "network": (50, 10)},  # reports, appeals, confirmations by letter
    # Of those who were never approved; all together, too. Beyond, comments are asked for a proof.
    "newcomer": {"network": (20, 30), "all": (200, 5)},
    "preview": {"network": (20, 3), "all": (200, 0.5)},
    # Without that proof, for a moderator to read.
    "unchecked": {"network": (3, 300), "all": (30, 10)},
}
SECRET_KEY = env("SECRET_KEY", default="") or _persistent_secret()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [
    str(_site.hostname),
    *(["localhost", "127.0.0.1"] if not IS_HTTPS else []),
    *env.list("ALLOWED_HOSTS", default=[]),
]

INSTALLED_APPS = [
    "newsroom",
    "accounts",
    "articles",
    "comments",
    "donations",
    "unfold",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_prose_editor",
    "django_tasks_db",
    "pictures",
    "simple_history",
]

MIDDLEWARE = [
    "newsroom.server_timing.ServerTimingMiddleware",  # with DEBUG alone
    "django.middleware.security.SecurityMiddleware",
    # Before the policy: scripts and pictures need none, and a page of many small files feels it.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "newsroom.middleware.LargeBodyMiddleware",
    "newsroom.middleware.BadBytesMiddleware",
    "newsroom.middleware.PublicPageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "comments.limits.middleware.FloodMiddleware",  # it needs nothing of what follows
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.middleware.SameOriginWritesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.LastSeenMiddleware",
    "articles.middleware.PublicationMiddleware",
    "articles.middleware.RedirectMiddleware",
    "articles.middleware.WithdrawalMiddleware",
    "newsroom.middleware.AdminPolicyMiddleware",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "NAME": "django",
        "BACKEND": "newsroom.server_timing.TimedTemplates"
        if DEBUG
        else "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.tz"],  # each <time> is written in UTC
            "context_processors": [
                "django.template.context_processors.request",
                # Lazy: a public page that asks neither for the user nor for messages stays public.
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "articles.context_processors.publication",
            ],
        },
    },
    {
        "NAME": "jinja2",  # what is drawn a hundred times on a page
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "jinja"],
        "OPTIONS": {"environment": "comments.drawing.environment"},
    },
]

# Database ------------------------------------------------------------------------------------

if env("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {
        "default": {
            "ENGINE": "newsroom.embedded_postgres",
            "NAME": "newsroom",
            "OPTIONS": {"folder": str(DATA_DIR / "postgres")},
        }
    }
_kept_open = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["default"] |= _kept_open
# Streaming replicas of it, for anonymous readers.
_replicas = {
    f"replica{number}": env.db_url_config(url) | _kept_open | {"TEST": {"MIRROR": "default"}}
    for number, url in enumerate(env.list("DATABASE_REPLICA_URLS", default=[]), 1)
}
REPLICAS = list(_replicas)
if _replicas:
    if not env("DATABASE_URL", default=""):
        raise ImproperlyConfigured("DATABASE_REPLICA_URLS are replicas of DATABASE_URL: set it.")
    DATABASES |= _replicas
    DATABASE_ROUTERS = ["newsroom.replicas.routing.ReplicaRouter"]
    # A machine that is gone says nothing: after a few seconds nobody waits for it any more.
    _gone = {"connect_timeout": 2, "tcp_user_timeout": 3_000, "keepalives_idle": 2,
             "keepalives_interval": 1, "keepalives_count": 2}  # fmt: skip
    for _database in DATABASES.values():
        _database["OPTIONS"] = _gone | _database.get("OPTIONS", {})
# Where each worker hears what changes: straight to the primary, past any pooler. None: as above.
DATABASE_LISTEN = env.db("DATABASE_LISTEN_URL") if env("DATABASE_LISTEN_URL", default="") else None
# A pooler may give each statement another session, where a cursor of the server's is not known.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_LISTEN is not None
# What each worker keeps of public pages, at most; 0: nothing. With DEBUG nothing, unless it is set.
PAGE_CACHE_BYTES = env.int("PAGE_CACHE_MB", default=0 if DEBUG else 64) * 1_000_000

# What all workers must agree on and may forget: how often somebody tried to log in, codes used up.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "KEY_FUNCTION": "accounts.shared_cache.hashed_key",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "pictures"],
    }
}

# Accounts ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "/"
# Off, staff work without a second factor: for the demo.
STAFF_SECOND_FACTOR = env.bool("STAFF_SECOND_FACTOR", default=True)
ACCOUNT_ADAPTER = "newsroom.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.models.display_name_of"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
# Who signs up with an address that has an account is answered as everybody: look at your mail.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # seconds: some mail servers let strangers wait
ACCOUNT_CHANGE_EMAIL = True  # an account has one address; a new one counts once it is verified
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of changes to what opens the account
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds for which a password given again is enough
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
MFA_ADAPTER = "newsroom.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "accounts.passkeys.AddPasskeyForm",
    "login_webauthn": "accounts.passkeys.LoginForm",
    "authenticate_webauthn": "accounts.passkeys.AuthenticateForm",
    "reauthenticate_webauthn": "accounts.passkeys.ReauthenticateForm",
}

# Without a server, what is sent lies here, where the desk's outbox shows it.
MAIL_FOLDER = DATA_DIR / "mail"
_email = env.email_url("EMAIL_URL", default=f"filemail://{MAIL_FOLDER}")
MAILERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": _email["EMAIL_BACKEND"]}}
if MAILERS["default"]["BACKEND"].endswith("filebased.EmailBackend"):
    # The library takes the first slash for the end of the host's name.
    MAILERS["default"]["OPTIONS"] = {"file_path": f"/{_email['EMAIL_FILE_PATH']}"}
if MAILERS["default"]["BACKEND"].endswith("smtp.EmailBackend"):
    MAILERS["default"]["OPTIONS"] = {
        "host": _email["EMAIL_HOST"],
        "port": _email["EMAIL_PORT"],
        "username": _email["EMAIL_HOST_USER"],
        "password": _email["EMAIL_HOST_PASSWORD"],
        "use_tls": _email.get("EMAIL_USE_TLS", False),
        "use_ssl": _email.get("EMAIL_USE_SSL", False),
        "timeout": 30,  # seconds
    }
# Who was told of a comment is told of the next ones together, so many minutes later.
NOTIFY_DIGEST_MINUTES = env.int("NOTIFY_DIGEST_MINUTES", default=10)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"newsroom@{_site.hostname}")

# Donations -----------------------------------------------------------------------------------

# The donations know no other app: these functions tell them who the publication is, and where its
# days begin.
SITE_IDENTITY = "newsroom.identity.publication_identity"
SITE_TIME_ZONE = "newsroom.identity.publication_time_zone"
# A provider without its secret is off. Stripe's may be several while one replaces another.
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")  # unset: no cards are taken
STRIPE_API_BASE = "https://api.stripe.com"
# Where Stripe's page for cards is, which forms may lead to: yours, if you gave it a domain.
STRIPE_CHECKOUT_ORIGIN = env("STRIPE_CHECKOUT_ORIGIN", default="https://checkout.stripe.com")
STRIPE_PORTAL_ORIGIN = "https://billing.stripe.com"
STRIPE_WEBHOOK_SECRETS = env.list("STRIPE_WEBHOOK_SECRET", default=[])
PAYPAL_WEBHOOK_ID = env("PAYPAL_WEBHOOK_ID", default="")
# Certificates come from there and nowhere else.
PAYPAL_CERT_HOST = (
    "api.sandbox.paypal.com" if env.bool("PAYPAL_SANDBOX", default=False) else "api.paypal.com"
)
PAYPAL_CA_FILE = ""  # the roots they lead to; empty: those of certifi
PATREON_WEBHOOK_SECRET = env("PATREON_WEBHOOK_SECRET", default="")
PATREON_CURRENCY = env("PATREON_CURRENCY", default="USD")
KOFI_VERIFICATION_TOKEN = env("KOFI_VERIFICATION_TOKEN", default="")
# For so long the events' bodies, which hold names and addresses, are kept as they came.
WEBHOOK_KEEP_DAYS = env.int("WEBHOOK_KEEP_DAYS", default=90)
# A provider that is on and tells of nothing for so long is shown to staff.
WEBHOOK_SILENT_DAYS = env.int("WEBHOOK_SILENT_DAYS", default=14)

# Security ------------------------------------------------------------------------------------

# Public pages carry no inline script or style, so that a page cached anywhere needs no nonce.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "frame-src": ["https://www.youtube-nocookie.com", "https://player.vimeo.com"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
# The admin's libraries ask for three things more: Alpine.js evaluates the expressions in Unfold's
# attributes, the body editor's import map stands in the page (with a nonce), and both write styles.
# Only staff get there, and the rest stays as strict: no inline script, no on… handler.
ADMIN_CSP: dict[str, list[str]] = {
    **SECURE_CSP,
    "script-src": [CSP.SELF, CSP.NONCE, CSP.UNSAFE_EVAL],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "frame-src": [CSP.SELF],  # the forms behind the "+" buttons open in a frame
    "frame-ancestors": [CSP.SELF],
}
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
)
# The proxies whose word on where a request comes from is taken: addresses or networks.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
X_FRAME_OPTIONS = "DENY"
# Bytes. Django's own limit counts the fields of a form alone.
LARGEST_FORM = DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
LARGEST_UPLOAD = 32 * 1024 * 1024  # at the desk, which says itself what a picture may have
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Languages and time --------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("es", _("Spanish")),
    ("de", _("German")),
    ("ru", _("Russian")),
    ("ar", _("Arabic")),
]
TIME_ZONE = "UTC"  # what is stored; what is shown follows the publication's own zone
USE_TZ = True

# Files ---------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "newsroom.static_files.BundlingStorage"},
}
# The bucket that uploaded files lie in, instead of the data folder.
if _bucket := env("MEDIA_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "newsroom.object_storage.BucketStorage",
        "OPTIONS": {"bucket_name": _bucket, "file_overwrite": False},
    }
# Besides what WhiteNoise skips by itself: source maps, which only a debugger asks for.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
PICTURES = {
    "BREAKPOINTS": {"phone": 640, "tablet": 1024, "desktop": 1280},
    "GRID_COLUMNS": 3,
    "CONTAINER_WIDTH": 1280,
    "FILE_TYPES": ["AVIF", "WEBP"],
    "PIXEL_DENSITIES": [1],
    "USE_PLACEHOLDERS": False,
    "PICTURE_CLASS": "articles.renditions.Rendition",
    "PROCESSOR": "articles.renditions.queue_renditions",
}

# Libraries -----------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    # What it lets through is decided by articles.html, which sanitises every body.
    {
        "js": [static_lazy("js/admin/preserved.js")],
        "extensions": dict.fromkeys(
            ("Preserved", "PreservedInline", "PreservedAttributes"), html_tags([])
        ),
    },
    {
        "js": [static_lazy("js/admin/library-picture.js")],
        "extensions": {"LibraryPicture": html_tags([])},
    },
    {
        "js": [static_lazy("js/admin/question.js")],
        "extensions": {"Question": html_tags([])},
    },
]
UNFOLD = {
    "SITE_TITLE": publication_name,
    "SITE_HEADER": publication_name,
    "SITE_SUBHEADER": _("Desk"),
    "SITE_SYMBOL": "newspaper",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": static_lazy("img/icon.svg")},
    ],
    "STYLES": [lambda _request: static_lazy("css/admin.css")],
    "SHOW_BACK_BUTTON": True,
    "COLORS": {
        # The house red of tokens.css, from paper to ink.
        "primary": {
            "50": "oklch(97.4% .012 21)",
            "100": "oklch(94.3% .028 21)",
            "200": "oklch(89% .055 21)",
            "300": "oklch(81.5% .095 22)",
            "400": "oklch(71% .145 23)",
            "500": "oklch(58% .165 24)",
            "600": "oklch(45.5% .152 24)",
            "700": "oklch(40% .135 24)",
            "800": "oklch(35% .112 24)",
            "900": "oklch(31% .09 24)",
            "950": "oklch(22% .065 24)",
        },
    },
    "SIDEBAR": {"navigation": desk_navigation},
    "DASHBOARD_CALLBACK": "newsroom.dashboard.add_dashboard",
}

LOG_FILE = env("LOG_FILE", default="")
LOG_LEVEL = env("LOG_LEVEL", default="WARNING")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "private": {
            "()": "newsroom.log_privacy.PrivateFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "private"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Its own handlers would write past the formatter, or mail tracebacks with what was typed.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.server": {"handlers": [], "propagate": True},
    },
}
if LOG_FILE:
    LOGGING["handlers"]["file"] = {
        "class": "logging.handlers.WatchedFileHandler",  # goes on in a new file after a rotation
        "filename": LOG_FILE,
        "formatter": "private",
    }
    LOGGING["root"]["handlers"].append("file")
