"""What is offered for download is known by all of its content, and by nobody who guesses.

Streamlit finds a file that was made for a download by a name, and gives who asks for that name what it has under it
already. Of what is larger than 1 MB the name says the length and three parts only: of two sessions whose files differ
elsewhere the second one would get the first one's. It has no public way to name files, so a test notices a change.
"""

import hashlib
import secrets

from streamlit.runtime import memory_media_file_storage

_KEY = secrets.token_bytes(32)


def name(data: bytes, mimetype: str, filename: str | None = None) -> str:
    """Return what a file is known by in this process, 56 letters: it differs as soon as anything of it does."""
    made = hashlib.blake2b(key=_KEY, digest_size=28)
    made.update(f"{len(data)} {len(mimetype)} {mimetype}{filename or ''}".encode())
    made.update(data)
    return made.hexdigest()


def known_by_all_of_it() -> None:
    """Have Streamlit name files so; done once for the process, and again at no cost."""
    memory_media_file_storage._calculate_file_id = name
