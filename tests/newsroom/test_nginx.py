"""nginx in front of the site, by the configuration that operators are given."""

import datetime
import http.client
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from pagecache.answers import DECODERS
from tests.conftest import missing
from tests.newsroom.workers import Desk, desk_of
from tests.own_site import PROJECT, STATIC, free_port, manage, own_site, serve

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("nginx")]

CONFIGURATION = PROJECT / "deploy" / "nginx.conf"
KEPT = 2.2  # seconds; the site lets caches have a page for one, and nginx counts whole ones
AT_ONCE = 200
SITE = """
from articles.models import Publication
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory
Publication.objects.update_or_create(pk=1, defaults={"comment_policy": "open"})
for name in ("one", "two", "three", "deleted", "outage"):
    discussion = DiscussionFactory(article=ArticleFactory(slug=name), policy="open")
    for _ in range(5):
        CommentFactory(discussion=discussion)
"""
AROUND = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/newsroom.conf;
}}
"""


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def cache(self) -> str:
        return self.headers["X-Cache"] or ""

    @property
    def asked(self) -> int:
        """How often the site had been asked for the address when it gave this."""
        return int(self.headers["X-Asked"])

    @property
    def page(self) -> bytes:
        return DECODERS[self.headers["Content-Encoding"] or ""](self.content)


@dataclass
class Front:
    """nginx, and the site behind it."""

    port: int
    behind: int
    site: dict[str, str]
    server: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.server = serve(self.site, self.behind, application="tests.named_worker:application")

    def stop(self) -> None:
        self.server.terminate()
        self.server.wait(20)

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Answer:
        """Ask on a connection of its own. headers: with _ for -."""
        context = ssl._create_unverified_context()
        line = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        with closing(line):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body, {"Accept-Encoding": "br", **named})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def comment(self, article: str, text: str, **headers: str) -> Answer:
        fields = {"body": text, "name": "Ann", "email": "ann@example.org"}
        kind = {"Content_Type": "application/x-www-form-urlencoded"}
        path = f"/articles/{article}/comments/"
        return self.ask(path, "POST", urlencode(fields), **kind, **headers)


def certify(folder: Path) -> None:
    """Write a key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    made = made.public_key(key.public_key()).serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - day).not_valid_after(now + day)
    certificate = made.sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def configure(folder: Path, data: Path, *, plain: int, port: int, behind: int) -> None:
    """Write the operators' configuration with places and ports of the test's own."""
    text = CONFIGURATION.read_text()
    for told, ours in {
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "/srv/newsroom/var": str(data),
        "/srv/newsroom/app": str(PROJECT),
        "/etc/ssl/newsroom": str(folder),
        "/var/cache/nginx": str(folder),
        "/var/log/nginx": str(folder),
    }.items():
        assert told in text, told
        text = text.replace(told, ours)
    (folder / "newsroom.conf").write_text(text)
    user = "user root;" if Path("/root").owner() == Path.home().owner() == "root" else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        missing("nginx")
    data, folder = tmp_path_factory.mktemp("behind"), tmp_path_factory.mktemp("nginx")
    port, behind = free_port(), free_port()
    variables = {
        "NEWSROOM_URL": f"https://127.0.0.1:{port}",
        "BEHIND_PROXY": "on",
        "TRUSTED_PROXIES": "127.0.0.1",
        "LOG_LEVEL": "ERROR",
        "NEWSROOM_POSTGRES_OPTIONS": "-c fsync=off",
    }
    with own_site(data, SITE, **variables) as site:
        assert manage(site, *STATIC).wait(120) == 0
        certify(folder)
        configure(folder, data, plain=free_port(), port=port, behind=behind)
        command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        subprocess.run([*command, "-t", "-q"], check=True)
        one = Front(port, behind, site)
        nginx = subprocess.Popen(command)
        try:
            until(lambda: one.ask("/healthz").status == 200)
            yield one
        finally:
            nginx.terminate()
            nginx.wait(20)
            one.stop()


@pytest.fixture(scope="module")
def desk(front: Front) -> Iterator[Desk]:
    with desk_of(front.site) as one:
        yield one


def until(is_true: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if is_true():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_limits_are_those_of_the_site() -> None:
    text = CONFIGURATION.read_text()
    small, large = re.findall(r"client_max_body_size (\w+);", text)
    assert int(small) == settings.LARGEST_FORM
    assert large == f"{settings.LARGEST_UPLOAD // 2**20}m"


def test_static_files_come_compressed_from_the_disk(front: Front) -> None:
    page = front.ask("/articles/one/").page.decode()
    address = re.findall(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[0]
    file = Path(front.site["NEWSROOM_DATA"]) / address.lstrip("/")
    packed = front.ask(address, Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.content == file.with_name(f"{file.name}.gz").read_bytes()
    plain = front.ask(address, Accept_Encoding="identity")
    assert plain.content == file.read_bytes()
    for answer in (packed, plain):
        assert answer.headers["Content-Type"].startswith("text/css")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Worker"] is None  # the site was not asked
    unhashed = front.ask("/static/css/site.css")
    assert unhashed.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/static/.hidden", "/media/.hidden", "/static../secret_key",
     "/media../secret_key", "/media/%2e%2e/secret_key", "/static/..%2fsecret_key",
     "/_errors/503.html"],
)  # fmt: skip
def test_nothing_else_is_given_out(front: Front, path: str) -> None:
    data = Path(front.site["NEWSROOM_DATA"])
    for folder in ("static", "media"):
        (data / folder).mkdir(exist_ok=True)
        (data / folder / ".hidden").write_text("secret")
    (data / "secret_key").write_text("secret")
    answer = front.ask(path)
    assert answer.status in {400, 404}
    assert answer.content != b"secret"


def test_uploaded_files_come_from_the_disk_and_can_do_nothing(front: Front) -> None:
    folder = Path(front.site["NEWSROOM_DATA"]) / "media"
    folder.mkdir(exist_ok=True)
    (folder / "logo.svg").write_text("<svg/>")
    answer = front.ask("/media/logo.svg")
    assert (answer.content, answer.headers["X-Worker"]) == (b"<svg/>", None)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("identity", None),
        ("br;q=0.0, gzip;q=0", None),
        ("sbr, gzipped", None),
    ],
)
def test_each_gets_a_page_in_what_they_take(
    front: Front, accepted: str, encoding: str | None
) -> None:
    def ask(**headers: str) -> Answer:
        return front.ask("/articles/one/", Accept_Encoding=accepted, **headers)

    answers = [ask(), ask()]
    for answer in answers:
        assert answer.status == 200
        assert answer.headers["Content-Encoding"] == encoding
        assert b'<article id="article"' in answer.page
        assert "Accept-Encoding" in answer.headers["Vary"]
    etag = answers[1].headers["ETag"]
    assert etag.endswith(f'-{encoding}"') if encoding else "-" not in etag
    assert ask(If_None_Match=etag).status == 304


def test_page_is_kept_for_a_moment_and_not_longer(front: Front) -> None:
    time.sleep(KEPT)
    first = front.ask("/articles/one/?kept=1")
    second = front.ask("/articles/one/?kept=1")
    assert (first.cache, second.cache) == ("MISS", "HIT")
    assert second.asked == first.asked  # the site was not asked again
    time.sleep(KEPT)
    assert front.ask("/articles/one/?kept=1").asked == first.asked + 1


def test_page_that_two_hundred_want_is_asked_for_once(front: Front) -> None:
    gate = threading.Barrier(AT_ONCE)

    def ask(_number: int) -> Answer:
        gate.wait()
        return front.ask("/articles/two/")

    began = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(ask, range(AT_ONCE)))
    assert {answer.status for answer in answers} == {200}
    # Once; and once more for each second that it took to open so many connections.
    asked = max(answer.asked for answer in answers)
    assert asked <= 1 + int(time.monotonic() - began)
    assert sum(answer.cache in {"MISS", "EXPIRED"} for answer in answers) == asked


def test_personal_answers_are_never_kept(front: Front) -> None:
    written = front.comment("three", "With a cookie.")
    assert written.status == 303
    cookie = written.headers["Set-Cookie"].partition(";")[0]
    # Who wrote sees it at once, and leaves nothing behind for others.
    page = "/articles/three/comments/"
    own = front.ask(page, Cookie=cookie)
    assert own.cache == "BYPASS"
    assert b"With a cookie." in own.page
    assert front.ask(page).cache == "MISS"
    # What the site does not call public is asked for each time.
    for path in ("/personal/", "/accounts/login/", "/admin/login/", "/readyz"):
        first, second = front.ask(path), front.ask(path)
        assert "no-store" in first.headers["Cache-Control"], path
        assert second.asked == first.asked + 1, path
        assert "HIT" not in {first.cache, second.cache}


def test_page_that_is_gone_is_not_kept_for_the_sake_of_outages(front: Front, desk: Desk) -> None:
    page = "/articles/deleted/"
    assert front.ask(page).status == 200
    desk.run("from articles.models import Article")
    desk.run('Article.objects.filter(slug="deleted").update(status="draft")')
    time.sleep(KEPT)
    assert front.ask(page).status == 404


def test_what_is_too_large_is_refused_in_words(front: Front) -> None:
    body = b"body=" + b"x" * 3_000_000
    answer = front.ask("/articles/one/comments/", "POST", body)
    assert answer.status == 413
    assert "your text still stands" in answer.content.decode()
    assert front.ask("/admin/login/", "POST", body).status == 403  # read, and without a token


def test_outage_leaves_pages_and_refuses_writes_in_words(front: Front) -> None:
    assert front.ask("/articles/outage/").status == 200
    front.stop()
    time.sleep(KEPT)
    page = front.ask("/articles/outage/")
    assert (page.status, page.cache) == (200, "STALE")
    assert b'<article id="article"' in page.page
    for answer in (front.comment("outage", "Lost?"), front.ask("/articles/never-asked-for/")):
        assert answer.status == 503
        assert "your text still stands" in answer.content.decode()
        assert answer.headers["Retry-After"] == "10"
        assert answer.headers["Cache-Control"] == "no-store"
    front.start()
    until(lambda: front.comment("outage", "Not lost.").status == 303)
    until(lambda: b"Not lost." in front.ask("/articles/outage/comments/").page)


def test_network_that_writes_too_much_is_refused(front: Front) -> None:
    """The last one: the network of all tests is refused for a while."""
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _n: front.ask("/challenge/", "POST"), range(500)))
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert b"too much at once" in refused[0].content
    assert len(answers) - len(refused) >= 200  # that many at once are nothing unusual
    assert front.ask("/articles/one/").status == 200
