"""A visitor without a browser: a session of a running server over its websocket, as Streamlit's front end has it."""

import contextlib
import http.client
import json
import time
import urllib.parse
import urllib.request
import uuid
from itertools import chain
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.sync.client import connect

_ENDS = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)
"""a run that is over; another one began anew"""
_REMEMBERED = 2
"""runs over which a tab keeps large messages, and tells the server which it has"""


class Visitor:
    """One session: what its page shows, and what somebody can do there. Close it, or use it in a `with`.

    `elements` and `said` are what the last run has shown, `seconds` what it took, `state` what was set on the page and
    goes with each run, `faults` every exception that was shown; with `records`, `received` is all that was sent.
    """

    def __init__(self, address, page="", query="", session="", xsrf="", records=False):
        self.address, self.query, self._page = address, query, page
        self.elements, self.said, self.hash, self.session = {}, [], "", ""
        self.state, self.faults, self.seconds, self._runs, self._large = {}, [], 0.0, 0, {}
        self.received = [] if records else None
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=60) as answer:
            self.xsrf = xsrf or answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
        protocols = ["streamlit", self.xsrf, session] if session else ["streamlit"]
        self._open = contextlib.ExitStack()
        self._wire = self._open.enter_context(connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=protocols, max_size=None, origin=address,
            additional_headers={"Cookie": f"_streamlit_xsrf={self.xsrf}"}, close_timeout=1, ping_interval=None,
        ))  # fmt: skip
        self.run()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()

    def close(self):
        """Close the tab; whatever state the wire is in, that is not what a test is about."""
        with contextlib.suppress(Exception):
            self._open.close()

    def run(self, widgets=(), timeout=60):
        """Have the page run with these values, {element: (field, value)}, and wait until it has."""
        self.begin(widgets)
        return self.wait(timeout)

    def begin(self, widgets=()):
        """Have the page run, and do not wait for it."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.page_name = self.query, self.hash, "" if self.hash else self._page
        run.widget_states.CopyFrom(_states({**self.state, **dict(widgets)}))
        # Forgotten before they are told, and never while a run goes on: the server counts on what it was told.
        self._large = {key: kept for key, kept in self._large.items() if kept[1] > self._runs - _REMEMBERED}
        run.cached_message_hashes.extend(self._large)
        self._began = time.perf_counter()
        self._wire.send(message.SerializeToString())

    def wait(self, timeout=60):
        """Take what the server sends until a run of the page has ended; what follows at once belongs to it."""
        until = time.monotonic() + timeout
        while True:
            if self._taken(until) == "script_finished":
                self.seconds = time.perf_counter() - self._began
                return self

    def _taken(self, until):
        message = self._next(until)
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._runs += 1
            self.session, self.elements, self.said = message.new_session.initialize.session_id, {}, []
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._saw(message)
        elif kind == "file_urls_response":
            return message.file_urls_response
        elif kind == "backend_operation_response":
            return message.backend_operation_response
        return kind if kind != "script_finished" or message.script_finished in _ENDS else ""

    def _next(self, until):
        """The next message; of one that the tab has the server sends its hash alone, and where it now stands."""
        message, sent = ForwardMsg(), self._wire.recv(timeout=max(until - time.monotonic(), 0.01))
        if self.received is not None:
            self.received.append(sent)
        message.ParseFromString(sent)
        if message.WhichOneof("type") == "ref_hash":
            where, key = message.metadata, message.ref_hash
            message = ForwardMsg()
            message.CopyFrom(self._large[key][0])
            message.metadata.CopyFrom(where)
            self._large[key] = message, self._runs
        elif message.metadata.cacheable and message.hash:
            self._large[message.hash] = message, self._runs
        return message

    def _saw(self, message):
        element = message.delta.new_element
        name = element.WhichOneof("type")
        shown = getattr(element, name)
        self.elements[tuple(message.metadata.delta_path)] = (name, shown)
        self.said.append(str(getattr(shown, "body", "")))
        if name == "exception":
            self.faults.append(shown.message)

    def open(self, page, query=""):
        """Open another page in the same session, as its address."""
        self.query, self._page, self.hash, self.state = query, page, "", {}
        return self.run()

    def press(self, label):
        """Press the button of this label."""
        button = next(one for one in self.all("button") if one.label == label)
        return self.run({button.id: ("trigger_value", True)})

    def all(self, kind):
        """The elements of a kind that the page shows now."""
        return [shown for name, shown in self.elements.values() if name == kind]

    def has(self, kind, label=""):
        """Whether the page shows an element of a kind with words in its label."""
        return any(label in one.label for one in self.all(kind))

    def move(self, by=1):
        """Move the first slider of the page by some steps, or from its end back; returns the seconds."""
        lever = self.all("slider")[0]
        at = self.state.get(lever.id, ("", lever.default))[1][0] + by * (lever.step or 1)
        self.state[lever.id] = ("double_array_value", [float(at if at <= lever.max else lever.min)])
        return self.run().seconds

    def text(self):
        """All words that the last run has shown, without the backslashes of Markdown."""
        return " ".join(self.said).replace("\\", "")

    def upload(self, *files, timeout=60):
        """Drop files, (name, bytes or path), on the first uploader of the page, and wait until it has run."""
        return self.run(self.sent(*files), timeout)

    def sent(self, *files):
        """Send files to the server; what `run` or `begin` takes, so that the page has them."""
        uploader, records = self.all("file_uploader")[0], []
        for name, content in files:
            place = self.place(name)
            if (status := self.put(place.upload_url, name, content)) != 204:
                raise OSError(f"{name}: the server answers {status}")
            records.append((name, _size(content), place))
        return {uploader.id: ("file_uploader_state_value", records)}

    def bring(self, token):
        """Bring the token of files, as a tab does that is reloaded: the message of pages/_components/tab.js."""
        name = f"$$STREAMLIT_INTERNAL_KEY_{self.all('bidi_component')[0].id}__events"
        return self.run({name: ("json_trigger_value", json.dumps([{"event": "token", "value": token}]))})

    def token(self):
        """The token that the page has told its tab to hold."""
        part = self.all("bidi_component")[0]
        return json.loads(part.json or part.mixed.json)["token"]

    def place(self, name):
        """Ask where a file is to be sent."""
        message = BackMsg()
        asked = message.file_urls_request
        asked.request_id, asked.session_id = str(uuid.uuid4()), self.session
        asked.file_names.append(name)
        self._wire.send(message.SerializeToString())
        return self._answer().file_urls[0]

    def deferred(self, file_id):
        """Ask for a download that is made when it is wanted; returns the answer."""
        message = BackMsg()
        asked = message.backend_operation_request
        asked.request_id, asked.session_id, asked.deferred_file.file_id = str(uuid.uuid4()), self.session, file_id
        self._wire.send(message.SerializeToString())
        return self._answer()

    def _answer(self):
        until = time.monotonic() + 20
        while True:
            taken = self._taken(until)
            if taken and not isinstance(taken, str):
                return taken

    def put(self, url, name, content, method="PUT"):
        """Send bytes or a file to an address of the server, with the visitor's own cookie; returns the status."""
        mark = uuid.uuid4().hex
        disposition = f'Content-Disposition: form-data; name="f"; filename="{name}"'
        head = f"--{mark}\r\n{disposition}\r\nContent-Type: text/csv\r\n\r\n".encode()
        foot = f"\r\n--{mark}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Content-Length": str(len(head) + _size(content) + len(foot)),
        }
        return self.ask(url, method, chain((head,), _pieces(content), (foot,)), headers)[0]

    def ask(self, url, method="GET", body=None, headers=()):
        """Ask for an address of the server as the visitor; returns status and content, which is empty for a refusal."""
        own = {"Cookie": f"_streamlit_xsrf={self.xsrf}", "X-Xsrftoken": self.xsrf, **dict(headers)}
        where = urllib.parse.urlsplit(self.address)
        with contextlib.closing(http.client.HTTPConnection(where.hostname, where.port, timeout=600)) as wire:
            # Who is refused by the head alone may find the door shut before the body is sent: the answer is there.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                wire.request(method, url, body, {**own, "Connection": "close"})
            answer = wire.getresponse()
            return answer.status, answer.read() if answer.status < 400 else b""


def _size(content):
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _pieces(content):
    """The bytes to send, of a file a piece at a time."""
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def _states(widgets):
    states = WidgetStates()
    for name, (field, value) in widgets.items():
        state = states.widgets.add(id=name)
        if field == "file_uploader_state_value":
            for file, size, place in value:
                info = state.file_uploader_state_value.uploaded_file_info.add(file_id=place.file_id, name=file)
                info.size, info.file_urls.file_id = size, place.file_id
                info.file_urls.upload_url, info.file_urls.delete_url = place.upload_url, place.delete_url
        elif field.endswith("array_value"):
            getattr(state, field).data.extend(value)
        else:
            setattr(state, field, value)
    return states
