"""A small Django project around somebody else's app, served as ours is: granian, PostgreSQL."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import SERVER_CORE, on_core, pin_family
from bench.peers.environment import installed
from bench.site import server
from newsroom.embedded_postgres.server import EmbeddedPostgres
from tests.own_site import free_port

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY = "bench"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
SITE_ID = 1
USE_TZ = True
STATIC_URL = "/static/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [{{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [BASE_DIR / "templates"], "APP_DIRS": True,
    "OPTIONS": {{"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]}},
}}]
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "NAME": "newsroom", "USER": "postgres",
    "HOST": "{host}", "CONN_MAX_AGE": 60,
}}}}
"""
WSGI = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""


@dataclass
class Project:
    """Sources of a project whose one app is called peer. fill: code that makes its content."""

    packages: tuple[str, ...]
    settings: str
    models: str
    urls: str
    templates: dict[str, str]
    fill: str


@contextmanager
def served(project: Project, folder: Path) -> Iterator[str]:
    """Install, migrate, fill and serve it; yield its address. The address /alive/ must answer."""
    python = installed(folder, *project.packages, "granian", "psycopg[binary]")
    database = EmbeddedPostgres.at(folder / "postgres")
    database.ensure_running()
    try:
        number = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        files = {
            "settings.py": SETTINGS.format(host=database.socket_folder) + project.settings,
            "wsgi.py": WSGI, "urls.py": project.urls, "peer/__init__.py": "",
            "peer/models.py": project.models, "peer/migrations/__init__.py": "",
            **{f"templates/{name}": text for name, text in project.templates.items()},
        }  # fmt: skip
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)
        }  # fmt: skip
        for command in (["makemigrations", "peer"], ["migrate"], ["shell", "-c", project.fill]):
            subprocess.run(
                [python, "-m", "django", *command, "-v0"], cwd=folder, env=environment, check=True,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
        pin_family(number, SERVER_CORE)
        port = free_port()
        command = [
            str(python), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port",
            str(port), "--workers", "1", "--blocking-threads", "1", "--log-level", "error",
            "wsgi:application",
        ]  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        with server(on_core(SERVER_CORE, command), f"{address}/alive/", environment, folder):
            yield address
    finally:
        database.release()
