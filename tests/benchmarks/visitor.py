"""A visitor without a browser: speaks to a server as a tab does, and takes a thousandth of its memory."""

import contextlib
import http.client
import time
import uuid
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

_ENDS = (0, 1, 3)
"""a run that is over: well, with a fault, or of a fragment; 2 is one that began anew"""


class Visitor:
    """One tab: what it was shown is in `shown`, by the id of the widget; what it has set is sent with every run."""

    def __init__(self, address, page="", query=""):
        self.place, self.page, self.query = urlsplit(address).netloc, page, query
        self.state, self.shown, self.words, self.script = {}, {}, [], ""
        self.cookie, self.exceptions, self.known = self._cookie(), [], set()
        self._open = contextlib.ExitStack()
        wire = connect(
            f"ws://{self.place}/_stcore/stream", subprotocols=["streamlit"], origin=f"http://{self.place}",
            max_size=None, ping_interval=None, close_timeout=1,
        )  # fmt: skip
        self.wire = self._open.enter_context(wire)
        self.first = self.run()

    def __enter__(self):
        return self

    def __exit__(self, *told):
        self.leave()

    def leave(self):
        """Close the tab."""
        with contextlib.suppress(Exception):
            self._open.close()

    def run(self, **trigger):
        """Run the page with what is set, and return its seconds; `trigger` is what happened once, by id."""
        self.ask(**trigger)
        return self.answered()

    def ask(self, trigger="", uploaded=()):
        """Ask for a run and do not wait for it."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = "" if self.script else self.page
        message.rerun_script.page_script_hash = self.script
        for widget, value in self.state.items():
            one = message.rerun_script.widget_states.widgets.add(id=widget)
            if isinstance(value, float):
                one.double_array_value.data.append(value)
            else:
                one.string_value = value
        if trigger:
            message.rerun_script.widget_states.widgets.add(id=trigger, trigger_value=True)
        if uploaded:
            widget, files = uploaded
            one = message.rerun_script.widget_states.widgets.add(id=widget)
            for name, size, urls in files:
                info = one.file_uploader_state_value.uploaded_file_info.add(name=name, size=size, file_id=urls.file_id)
                info.file_urls.CopyFrom(urls)
        message.rerun_script.cached_message_hashes.extend(self.known)
        self.started = time.perf_counter()
        self.wire.send(message.SerializeToString())

    def answered(self, timeout=600):
        """Wait until the run has ended; its seconds since it was asked for."""
        until = time.monotonic() + timeout
        while True:
            message = self._next(max(until - time.monotonic(), 0.01))
            if message.WhichOneof("type") == "script_finished" and message.script_finished in _ENDS:
                return time.perf_counter() - self.started

    def _next(self, timeout):
        message = ForwardMsg()
        message.ParseFromString(self.wire.recv(timeout))
        if message.metadata.cacheable and message.hash:
            self.known.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.words.clear()
        elif kind == "navigation":
            self.script = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._saw(message.delta.new_element)
        return message

    def _saw(self, element):
        kind = element.WhichOneof("type")
        one = getattr(element, kind)
        if kind in ("slider", "button", "file_uploader", "download_button"):
            self.shown[one.id] = (kind, one)
        elif kind == "exception":
            self.exceptions.append(one.message)
        elif kind in ("markdown", "alert", "heading"):
            self.words.append(one.body)

    def of(self, kind, label=""):
        """The last widget of a kind that was shown, with words in its label."""
        return [one for its, one in self.shown.values() if its == kind and label in one.label][-1]

    def has(self, kind, label=""):
        """Whether a widget of a kind was shown, with words in its label."""
        return any(its == kind and label in one.label for its, one in self.shown.values())

    def move(self, label="", by=1):
        """Move the first slider by some steps, up and back down again; the seconds until the page is there."""
        one = next(one for its, one in self.shown.values() if its == "slider" and label in one.label)
        at = self.state.get(one.id, one.default[0])
        step = by * (one.step or 1)
        self.state[one.id] = float(at + step if at + step <= one.max else one.min)
        return self.run()

    def press(self, label):
        """Press a button."""
        return self.run(trigger=self.of("button", label).id)

    def send(self, **files):
        """Send files to the server, by name: content, or a path; what `ask` takes as `uploaded`."""
        names = list(files)
        message = BackMsg()
        message.file_urls_request.request_id = str(uuid.uuid4())
        message.file_urls_request.file_names.extend(names)
        self.wire.send(message.SerializeToString())
        while (answer := self._next(60)).WhichOneof("type") != "file_urls_response":
            pass
        sent = []
        for name, urls in zip(names, answer.file_urls_response.file_urls, strict=True):
            sent.append((name, self._put(name, files[name], urls.upload_url), urls))
        return self.of("file_uploader").id, sent

    def upload(self, **files):
        """Send files and have them read; the seconds from the first byte to the last word."""
        start = time.perf_counter()
        self.ask(uploaded=self.send(**files))
        self.answered()
        return time.perf_counter() - start

    def _put(self, name, content, url):
        path = content if hasattr(content, "open") else None
        size = path.stat().st_size if path else len(content)
        edge = uuid.uuid4().hex
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode()
        foot = f"\r\n--{edge}--\r\n".encode()
        http_ = http.client.HTTPConnection(self.place, timeout=600)
        http_.putrequest("PUT", f"/{url.lstrip('/')}")
        for key, value in {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Content-Length": str(len(head) + size + len(foot)),
            "Cookie": f"_streamlit_xsrf={self.cookie}",
            "X-Xsrftoken": self.cookie,
        }.items():
            http_.putheader(key, value)
        http_.endheaders(head)
        if path:
            with path.open("rb") as file:
                while piece := file.read(1 << 20):
                    http_.send(piece)
        else:
            http_.send(content)
        http_.send(foot)
        answer = http_.getresponse()
        answer.read()
        http_.close()
        if answer.status != 204:
            raise OSError(f"{name}: the server answers {answer.status} {answer.reason}")
        return size

    def _cookie(self):
        http_ = http.client.HTTPConnection(self.place, timeout=60)
        http_.request("GET", "/_stcore/health")
        answer = http_.getresponse()
        answer.read()
        http_.close()
        said = answer.getheader("Set-Cookie") or ""
        return said.partition("_streamlit_xsrf=")[2].partition(";")[0].strip('"')
