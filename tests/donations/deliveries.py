"""Providers of webhooks, played by the tests: recorded payloads, signed with test secrets."""

import base64
import datetime
import hashlib
import hmac
import http.server
import ipaddress
import json
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import stripe
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PAYLOADS = Path(__file__).parent / "payloads"
STRIPE_SECRET = "whsec_example"
PATREON_SECRET = "patreon-example"
KOFI_TOKEN = "example-token"
PAYPAL_WEBHOOK = "1JE4291016473214C"
DAY = datetime.timedelta(days=1)

type Headers = dict[str, str]


def payload(name: str) -> dict[str, Any]:
    """Return a recorded payload, like "stripe_charge_succeeded"."""
    return json.loads((PAYLOADS / f"{name}.json").read_text())  # type: ignore[no-any-return]


def stripe_headers(body: bytes, *, secret: str = STRIPE_SECRET, age: float = 0) -> Headers:
    signed = stripe.WebhookSignature.generate_signature_header(
        body.decode(errors="replace"), secret, int(time.time() - age)
    )
    return {"Stripe-Signature": signed}


def patreon_headers(body: bytes, *, secret: str = PATREON_SECRET) -> Headers:
    signature = hmac.new(secret.encode(), body, hashlib.md5).hexdigest()
    return {"X-Patreon-Event": "members:update", "X-Patreon-Signature": signature}


def kofi_body(said: dict[str, Any]) -> bytes:
    return urlencode({"data": json.dumps(said)}).encode()


# PayPal --------------------------------------------------------------------------------------


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class Authority:
    """A certificate authority of the test's own, with one authority below it."""

    root_key: rsa.RSAPrivateKey = field(default_factory=new_key)
    key: rsa.RSAPrivateKey = field(default_factory=new_key)

    def __post_init__(self) -> None:
        self.root = self._authority("Example Root", self.root_key, "Example Root", self.root_key)
        self.between = self._authority("Example CA", self.key, "Example Root", self.root_key)

    def _authority(
        self, name: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey
    ) -> x509.Certificate:
        usage = dict.fromkeys(
            ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
             "key_agreement", "encipher_only", "decipher_only"), False,
        )  # fmt: skip
        builder = _builder(name, key, issuer, issuer_key, -DAY, 30 * DAY)
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        builder = builder.add_extension(
            x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
        return builder.sign(issuer_key, hashes.SHA256())

    def certificate(
        self,
        key: rsa.RSAPrivateKey,
        name: x509.GeneralName,
        *,
        begins: datetime.timedelta = -DAY,
        ends: datetime.timedelta = 20 * DAY,
    ) -> x509.Certificate:
        builder = _builder("Example", key, "Example CA", self.key, begins, ends)
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        return builder.sign(self.key, hashes.SHA256())

    def chain(self, certificate: x509.Certificate) -> bytes:
        return pem(certificate) + pem(self.between)


def _builder(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: str,
    issuer_key: rsa.RSAPrivateKey,
    begins: datetime.timedelta,
    ends: datetime.timedelta,
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)

    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder(named(issuer), named(name), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@dataclass
class PayPal:
    """PayPal with its certificate server, on this machine."""

    authority: Authority
    key: rsa.RSAPrivateKey
    ca_file: Path
    host: str = ""
    certificates: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    path: str = "/v1/notifications/certs/CERT-example-1"

    def headers(self, body: bytes, *, age: float = 0, url: str = "", **changed: str) -> Headers:
        at = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
        name, sent = "d938e770-8046-11e6-8103-6b62a8a99ac4", at.strftime("%Y-%m-%dT%H:%M:%SZ")
        signed = f"{name}|{sent}|{PAYPAL_WEBHOOK}|{zlib.crc32(body)}".encode()
        signature = self.key.sign(signed, PKCS1v15(), hashes.SHA256())
        return {
            "PayPal-Transmission-Id": name,
            "PayPal-Transmission-Time": sent,
            "PayPal-Transmission-Sig": base64.b64encode(signature).decode(),
            "PayPal-Cert-Url": url or f"https://{self.host}{self.path}",
            "PayPal-Auth-Algo": "SHA256withRSA",
        } | {f"PayPal-{key.replace('_', '-')}": value for key, value in changed.items()}


@contextmanager
def paypal_server(folder: Path) -> Iterator[PayPal]:
    """Serve certificates over TLS on loopback, for as long as the context lasts."""
    authority, key, server_key = Authority(), new_key(), new_key()
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(pem(authority.root))
    ours = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    (folder / "server.pem").write_bytes(
        authority.chain(authority.certificate(server_key, ours))
        + server_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    paypal = PayPal(authority, key, ca_file)
    good = authority.certificate(key, x509.DNSName("messageverificationcerts.paypal.com"))
    paypal.certificates[paypal.path] = authority.chain(good)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paypal.asked.append(self.path)
            found = paypal.certificates.get(self.path)
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    paypal.host = f"127.0.0.1:{server.server_address[1]}"
    yield paypal
    server.shutdown()
    server.server_close()
