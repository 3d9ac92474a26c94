"""A visitor without a browser: a session of a running server over its websocket, as Streamlit's front end has it."""

import contextlib
import json
import time
import urllib.error
import urllib.request
import uuid

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.sync.client import connect

_ENDS = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Visitor:
    """One session: what its page shows, and what somebody can do there. Close it, or use it in a `with`.

    `received` is all that the server has sent, `elements` and `said` are what the last run has shown.
    """

    def __init__(self, address, page="", query="", session="", xsrf=""):
        self.address, self.query, self._page = address, query, page
        self.elements, self.said, self.hash, self.session = {}, [], "", ""
        self.received = []
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=20) as answer:
            self.xsrf = xsrf or answer.headers["Set-Cookie"].split("=", 1)[1].split(";")[0]
        protocols = ["streamlit", self.xsrf, session] if session else ["streamlit"]
        self._open = contextlib.ExitStack()
        self._wire = self._open.enter_context(connect(
            f"{address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=protocols, max_size=None,
            origin=address, additional_headers={"Cookie": f"_streamlit_xsrf={self.xsrf}"}, close_timeout=1,
        ))  # fmt: skip
        self.run()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.close()

    def close(self):
        self._open.close()

    def run(self, widgets=(), timeout=60):
        """Have the page run with these values, {element: (field, value)}, and wait until it has."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.page_name = self.query, self.hash, "" if self.hash else self._page
        run.widget_states.CopyFrom(_states(dict(widgets)))
        self._wire.send(message.SerializeToString())
        return self.wait(timeout)

    def wait(self, timeout=60):
        """Take what the server sends until a run of the page has ended; what follows at once belongs to it."""
        until = time.monotonic() + timeout
        while True:
            if self._taken(until) == "script_finished":
                return self

    def _taken(self, until):
        message = ForwardMsg()
        self.received.append(self._wire.recv(timeout=max(until - time.monotonic(), 0.01)))
        message.ParseFromString(self.received[-1])
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session, self.elements, self.said = message.new_session.initialize.session_id, {}, []
        elif kind == "navigation":
            self.hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            name = element.WhichOneof("type")
            shown = getattr(element, name)
            self.elements[tuple(message.metadata.delta_path)] = (name, shown)
            self.said.append(str(getattr(shown, "body", "")))
        elif kind == "file_urls_response":
            return message.file_urls_response
        elif kind == "backend_operation_response":
            return message.backend_operation_response
        return kind if kind != "script_finished" or message.script_finished in _ENDS else ""

    def open(self, page, query=""):
        """Open another page in the same session, as its address."""
        self.query, self._page, self.hash = query, page, ""
        return self.run()

    def press(self, label):
        """Press the button of this label."""
        button = next(one for one in self.all("button") if one.label == label)
        return self.run({button.id: ("trigger_value", True)})

    def all(self, kind):
        """The elements of a kind that the page shows now."""
        return [shown for name, shown in self.elements.values() if name == kind]

    def text(self):
        """All words that the last run has shown, without the backslashes of Markdown."""
        return " ".join(self.said).replace("\\", "")

    def upload(self, *files, timeout=60):
        """Drop files, (name, bytes), on the first uploader of the page, and wait until it has run."""
        uploader = self.all("file_uploader")[0]
        records = []
        for name, content in files:
            place = self.place(name)
            assert self.put(place.upload_url, name, content) == 204
            records.append((name, content, place))
        return self.run({uploader.id: ("file_uploader_state_value", records)}, timeout)

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
        """Send a file to an address of the server, with the visitor's own cookie; returns the status."""
        mark = uuid.uuid4().hex
        head = (
            f'--{mark}\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
        )
        body = b"".join((head.encode(), content, f"\r\n--{mark}--\r\n".encode()))
        return self.ask(url, method, body, {"Content-Type": f"multipart/form-data; boundary={mark}"})[0]

    def ask(self, url, method="GET", body=None, headers=()):
        """Ask for an address of the server as the visitor; returns status and content."""
        own = {"Cookie": f"_streamlit_xsrf={self.xsrf}", "X-Xsrftoken": self.xsrf, **dict(headers)}
        request = urllib.request.Request(self.address + url, body, own, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, b""


def _states(widgets):
    states = WidgetStates()
    for name, (field, value) in widgets.items():
        state = states.widgets.add(id=name)
        if field == "file_uploader_state_value":
            for file, content, place in value:
                info = state.file_uploader_state_value.uploaded_file_info.add(file_id=place.file_id, name=file)
                info.size, info.file_urls.file_id = len(content), place.file_id
                info.file_urls.upload_url, info.file_urls.delete_url = place.upload_url, place.delete_url
        elif field.endswith("array_value"):
            getattr(state, field).data.extend(value)
        else:
            setattr(state, field, value)
    return states
