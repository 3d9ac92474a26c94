"""A provider of OpenID Connect for tests: it signs in whoever `person` says, without asking."""

import base64
import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "motions"


class Provider(ThreadingHTTPServer):
    """Answers at the addresses that its own description names."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.key = RSAKey.generate_key(2048, {"kid": "1"})
        self.person = {"email": "", "email_verified": True}
        self.nonces = {}

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    def token(self, code):
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300}
        claims |= {"nonce": self.nonces[code], **self.person}
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self):
        asked = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path == "/authorize":
            code = base64.urlsafe_b64encode(query["state"].encode()).decode()
            self.server.nonces[code] = query.get("nonce")
            self.send_response(302)
            self.send_header(
                "Location", query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})
            )
            self.end_headers()
        elif asked.path == "/keys":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        else:
            here = self.server.address
            self._say(
                {
                    "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
                    "jwks_uri": f"{here}/keys", "id_token_signing_alg_values_supported": ["RS256"],
                }
            )  # fmt: skip

    def do_POST(self):
        code = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["code"][0]
        self._say({"access_token": "x", "token_type": "Bearer", "id_token": self.server.token(code)})

    def _say(self, content):
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def providing():
    """Run the provider on a free port."""
    with Provider() as provider:
        threading.Thread(target=provider.serve_forever, daemon=True).start()
        yield provider
        provider.shutdown()
