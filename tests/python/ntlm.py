"""A server behind NTLM that verifies passwords: `pyspnego` as acceptor, each connection signed in by itself.

Says its port on the first line. With a certificate and its key it speaks TLS and wants the login bound to it."""

import base64
import hashlib
import http.server
import os
import ssl
import sys

import spnego
from spnego.channel_bindings import GssChannelBindings

CERTIFICATE = sys.argv[1] if len(sys.argv) > 1 else None


def bindings():
    if not CERTIFICATE:
        return None
    with open(CERTIFICATE) as file:
        der = ssl.PEM_cert_to_DER_cert(file.read())
    return GssChannelBindings(application_data=b"tls-server-end-point:" + hashlib.sha256(der).digest())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    context = None
    signed_in = None

    def answer(self, status, body=b"", offer=None):
        self.send_response(status)
        if offer:
            self.send_header("WWW-Authenticate", offer)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Connection", str(self.client_address[1]))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(length)
        if self.path == "/open":
            return self.answer(200, b"open")
        offered = self.headers.get("Authorization") or ""
        if offered.startswith("NTLM "):
            token = base64.b64decode(offered[5:])
            if self.context is None:
                self.context = spnego.server(protocol="ntlm", channel_bindings=bindings())
            try:
                reply = self.context.step(token)
            except spnego.exceptions.SpnegoError as fault:
                print(fault, file=sys.stderr, flush=True)
                self.context = None
                return self.answer(401, b"no", "NTLM")
            if not self.context.complete:
                return self.answer(401, b"more", "NTLM " + base64.b64encode(reply).decode())
            self.signed_in, self.context = self.context.client_principal, None
        if self.path == "/forget":
            self.signed_in = None
        if not self.signed_in:
            return self.answer(401, b"who are you", "NTLM")
        self.answer(200, f"{self.command} {self.signed_in} {len(body)}".encode())

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if CERTIFICATE:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(CERTIFICATE, sys.argv[2])
    server.socket = tls.wrap_socket(server.socket, server_side=True)
assert os.environ["NTLM_USER_FILE"]
print(server.server_address[1], flush=True)
server.serve_forever()
