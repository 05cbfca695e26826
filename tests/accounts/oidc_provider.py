"""A tiny OpenID Connect provider on loopback, which says about people whatever a test tells it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

SECRET = "the provider's own key, long enough for HS256"
CLIENT_ID, CLIENT_SECRET = "portal", "shared with the portal"


class Provider(ThreadingHTTPServer):
    """`claims` is the answer about the person; `requests` are the (path, fields) it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict = {"sub": "u-1", "email": "maya@example.org", "email_verified": True}
        self.user_info: dict | None = None
        self.requests: list[tuple[str, dict]] = []
        self.audience = CLIENT_ID


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        fields = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.requests.append((parts.path, fields))
        if parts.path == "/authorize":
            self.send_response(302)
            answer = urlencode({"code": "once", "state": fields["state"]})
            self.send_header("Location", f"{fields['redirect_uri']}?{answer}")
            self.end_headers()
        elif parts.path == "/userinfo":
            self.answer(self.server.user_info or self.server.claims)
        else:
            self.answer(self.configuration())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append((self.path, {name: values[0] for name, values in parse_qs(body).items()}))
        now = int(time.time())
        token = {"iss": self.server.url, "aud": self.server.audience, "iat": now, "exp": now + 60}
        id_token = jwt.encode(token | self.server.claims, SECRET, "HS256")
        self.answer({"access_token": "a", "token_type": "Bearer", "id_token": id_token})

    def configuration(self) -> dict:
        url = self.server.url
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        endpoints = {f"{name}_endpoint": f"{url}/{path}" for name, path in names.items()}
        return {"issuer": url, "jwks_uri": f"{url}/keys", **endpoints}

    def answer(self, content: dict) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, daemon=True)
    thread.start()
    yield provider
    provider.shutdown()
    provider.server_close()
    thread.join()
