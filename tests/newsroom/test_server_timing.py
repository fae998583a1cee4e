"""The header that tells developers where an answer's time went."""

import copy
import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

pytestmark = pytest.mark.django_db
HEADER = re.compile(
    r'db;dur=(?P<db>[\d.]+);desc="(?P<queries>\d+) quer(?:y|ies)", '
    r"render;dur=(?P<render>[\d.]+), total;dur=(?P<total>[\d.]+)\Z"
)


def test_with_debug_an_answer_tells_its_queries_and_where_its_time_went(settings: Any) -> None:
    settings.DEBUG = True
    templates = copy.deepcopy(configured.TEMPLATES)
    templates[0]["BACKEND"] = "newsroom.server_timing.TimedTemplates"
    settings.TEMPLATES = templates

    page = Client().get("/")
    alive = Client().get("/healthz")

    told = HEADER.match(page["Server-Timing"])
    assert told is not None, page["Server-Timing"]
    assert int(told["queries"]) >= 1
    assert 0 < float(told["render"]) < float(told["total"])
    assert float(told["db"]) < float(told["total"])
    drew_nothing = HEADER.match(alive["Server-Timing"])
    assert drew_nothing is not None
    assert float(drew_nothing["render"]) == 0


def test_without_debug_nothing_is_told() -> None:
    assert "Server-Timing" not in Client().get("/").headers
