"""HTTP servers that can be told to fail: one that git fetches from, one that hears of alerts."""

import http.server
import json
import ssl
import subprocess
import threading

from scripts import run


class Troubled:
    """On loopback. `mood` is well, refuse (nobody listens), hang (it never answers) or error (500)."""

    def __init__(self, handler, context=None):
        self.handler = handler
        self.context = context
        self.port = 0
        self.server = None
        self.hanging = threading.Event()
        self.set("well")

    def set(self, mood):
        self.mood = mood
        self.hanging.set()  # lets those go that hang
        self.hanging = threading.Event()
        if mood == "refuse":
            self.end()
        elif not self.server:
            self.begin()

    def begin(self):
        troubled = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"
            timeout = 30

            def setup(self):
                if troubled.context:  # here, on a thread of its own, since the client may take its time
                    self.request = troubled.context.wrap_socket(self.request, server_side=True)
                super().setup()

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if troubled.mood == "hang":
                    troubled.hanging.wait(60)
                    return
                if troubled.mood == "error":
                    self.send_error(500)
                    return
                kind, text = troubled.handler(self, body)
                self.send_response(200 if text is not None else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text or b"")))
                self.end_headers()
                self.wfile.write(text or b"")

            do_GET = do_POST = answer

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # of clients that go away

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def end(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


def certificate(folder):
    """An authority of its own is enough: the certificate signs itself."""
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-batch", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "git.key", "-out",
        folder / "git.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "git.pem", folder / "git.key")
    return context


def git_server(repository, context):
    """Serves one repository over https, to read."""

    def upload_pack(*options, text=b""):
        return subprocess.run(["git", "upload-pack", "--stateless-rpc", *options, str(repository)], input=text,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout

    def handler(request, body):
        if request.path.endswith("/info/refs?service=git-upload-pack"):
            return ("application/x-git-upload-pack-advertisement",
                    b"001e# service=git-upload-pack\n0000" + upload_pack("--advertise-refs"))
        if request.path.endswith("/git-upload-pack"):
            return "application/x-git-upload-pack-result", upload_pack(text=body)
        return "text/plain", None

    return Troubled(handler, context)


class Ears:
    """Hears alerts, and knows which are still there."""

    def __init__(self):
        self.firing = {}
        self.heard = 0
        self.server = Troubled(self.hear)

    def hear(self, _, body):
        document = json.loads(body)
        self.heard += 1
        if document["kind"] == "resolved":
            self.firing.pop(document["key"], None)
        elif document["kind"] in ("firing", "changed", "reminder"):
            self.firing[document["key"]] = document
        return "application/json", b"{}"
