"""Workbooks and packed files: what is in them is read as the same tables in files of their own, or refused."""

import contextlib
import csv
import gzip
import io
import random
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from motions.cohorts.program import Program, load_program
from motions.cohorts.reading import opened as module
from motions.cohorts.reading.opened import forget, opened
from motions.errors import FileError

TODAY = date(2026, 11, 20)
TABLES = {
    "accounts": [["account_id", "signed_up_on", "motion", "partner_id"],
                 *([f"{100 + at}", f"2025-0{at % 9 + 1}-05", *(("affiliate", "P1") if at % 2 else ("organic", ""))]
                   for at in range(24))],
    "revenue": [["account_id", "month", "mrr"],
                *([f"{100 + at}", f"2026-0{month}", f"{50 + at}.25"] for at in range(24) for month in range(1, 10))],
    "partners": [["partner_id", "name", "motion", "recruited_on"], ["P1", "Nord", "affiliate", "2024-01-10"]],
}  # fmt: skip


def written(folder: Path, name: str, content: bytes) -> tuple[str, Path]:
    path = folder / f"upload-{name.rpartition('.')[2]}"
    path.write_bytes(content)
    return name, path


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def cell(text: str) -> object:
    if text.replace(".", "").isdecimal():
        return float(text)
    return datetime.fromisoformat(text) if text.count("-") == 2 else text or None


def workbook(more: dict[str, list[list[str]]] | None = None) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for title, rows in {**TABLES, **(more or {})}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([cell(one) for one in row])
    book.create_sheet("Empty")
    hidden = book.create_sheet("Hidden")
    hidden.append(["account_id", "month", "mrr"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def load(folder: Path, *files: tuple[str, Path]) -> Program:
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    return load_program(files, scratch, TODAY)


def plain(folder: Path) -> Program:
    return load(folder, *(written(folder, f"{name}.csv-{name}", as_csv(rows)) for name, rows in TABLES.items()))


def same(one: Program, other: Program) -> bool:
    shown = [sorted((report.table, report.rows, report.accepted) for report in found.files) for found in (one, other)]
    last = one.ledger.last_month
    sums = [[found.ledger.at(name, last).tolist() for name in ("closing", "customers")] for found in (one, other)]
    return shown[0] == shown[1] and sums[0] == sums[1] and sum(sums[0][0]) > 0


def test_a_workbook_is_its_sheets(tmp_path: Path) -> None:
    notes = {"Notes": [["These are notes of ours"]]}
    found = load(tmp_path, written(tmp_path, "book.xlsx", workbook(notes)))
    assert same(found, plain(tmp_path))
    assert {file.name for file in found.sources} == {f"book.xlsx · {name}" for name in [*TABLES, "Notes"]}
    assert any("book.xlsx · Notes is not used" in note for note in found.notes)
    assert not any(question.matters for file in found.sources for question in file.questions)


def test_a_row_of_a_sheet_is_rejected_by_its_number_there(tmp_path: Path) -> None:
    rows = [["Revenue", "", ""], ["", "", ""], *TABLES["revenue"], ["100", "soon", "a\nb"]]
    found = load(tmp_path, written(tmp_path, "book.xlsx", workbook({"revenue": rows})))
    assert {one.line for one in found.rejects} == {len(rows)}


@pytest.mark.parametrize("pack", ["gz", "zip"])
def test_one_packed_file_is_as_the_file(tmp_path: Path, pack: str) -> None:
    def packed(content: bytes) -> bytes:
        return gzip.compress(content) if pack == "gz" else zipped({"x.csv": content, "__MACOSX/x.csv": b"z"})

    files = [written(tmp_path, f"{name}.csv.{name}-{pack}", packed(as_csv(rows))) for name, rows in TABLES.items()]
    assert same(load(tmp_path, *files), plain(tmp_path))


def test_an_archive_of_several_is_several_files(tmp_path: Path) -> None:
    archive = zipped({f"export/{name}.csv": as_csv(rows) for name, rows in TABLES.items()} | {"readme.md": b"hello"})
    found = load(tmp_path, written(tmp_path, "export.zip", archive))
    assert same(found, plain(tmp_path))
    assert {file.name for file in found.sources} == {f"export.zip · {name}.csv" for name in TABLES}


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = {
    "report.pdf": (b"%PDF-1.7\n%\xe2\xe3", "is a PDF", "Export the table"),
    "shot.png": (b"\x89PNG\r\n\x1a\n", "is a picture", "Export the table"),
    "photo.heic": (b"\x00\x00\x00\x18ftypheic", "is a picture", "Export the table"),
    "memo.docx": (zipped({"word/document.xml": b"<w/>"}), "is a Word document", "Export the table"),
    "talk.pptx": (zipped({"ppt/presentation.xml": b"<p/>"}), "is a presentation", "Export the table"),
    "memo.odt": (zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}),
                 "is a document", "Export the table"),
    "memo.doc": (OLD + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "is a Word document", "Export the table"),
    "list.json": (b'[{"account_id": "A1"}]', "is JSON", "Choose CSV or Excel"),
    "lines.jsonl": (b'{"account_id": "A1"}\n{"account_id": "A2"}\n', "is JSON", "Choose CSV or Excel"),
    "rows.parquet": (b"PAR1\x15\x04\x15", "is Parquet", "COPY"),
    "sheet.numbers": (zipped({"Index/Document.iwa": b"x"}), "of Numbers", "Export To"),
    "book.xlsb": (zipped({"xl/workbook.bin": b"\x83\x01\x00"}), "be opened as a workbook", "save it as a workbook"),
    "locked.xlsx": (OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "by a password", "remove the password"),
    "locked.xls": (OLD + b"\0" * 2000, "protected by a password", "Remove the password"),
    "all.rar": (b"Rar!\x1a\x07\x01\x00", "packed as rar", "as zip"),
    "all.7z": (b"7z\xbc\xaf\x27\x1c", "packed as 7z", "as zip"),
    "all.tar.gz": (gzip.compress(b"a.csv" + b"\0" * 252 + b"ustar" + b"\0" * 250), "packed as tar", "as zip"),
    "page.xls": (b"<html><table><tr><td>account_id</td></tr></table></html>", "as a web page or XML", "(xlsx)"),
    "login.csv": (b"<!doctype html><title>Sign in</title>", "is a web page", "login"),
    "books.zip": (zipped({"a.xlsx": b"x"}), "but a workbook", "drop the workbook itself"),
    "notes.zip": (zipped({"a.docx": b"x"}), "no CSV file", "hold tables"),
    "cut.xlsx": (zipped({"xl/workbook.xml": b"x" * 500})[:60], "be unpacked: it is broken", "Export it again"),
    "empty.xlsx": (zipped({"xl/workbook.xml": b"<none/>"}), "be opened as a workbook", "save it as a workbook"),
    "cut.csv.gz": (gzip.compress(as_csv(TABLES["revenue"]))[:-30], "cut off", "Export it again"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOREIGN)
def test_what_no_table_can_be_read_from_says_what_it_is_and_what_to_do(tmp_path: Path, name: str) -> None:
    content, says, repair = FOREIGN[name]
    with pytest.raises(FileError) as caught:
        load(tmp_path, written(tmp_path, name, content))
    assert caught.value.file.startswith(name.removesuffix(".gz"))
    assert says in caught.value.problem
    assert repair in caught.value.repair
    assert "as CSV again" not in str(caught.value)
    assert not list((tmp_path / "scratch").glob("o*.csv")) or name == "all.tar.gz"  # nothing is left of it


def refusal(folder: Path, name: str, content: bytes) -> str:
    tables, refused = opened([written(folder, name, content)], folder)
    assert tables == []
    return str(refused[0])


def test_more_files_than_are_read_at_once_are_refused(tmp_path: Path) -> None:
    many = dict.fromkeys((f"{at}.csv" for at in range(module.MOST_FILES + 1)), as_csv(TABLES["revenue"]))
    assert "21 CSV files" in refusal(tmp_path, "f.zip", zipped(many))


def test_what_unpacks_to_more_than_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNPACKED", 3_000_000)
    monkeypatch.setattr(module, "UNPACKED_WORKBOOK", 1000)
    zeros = b"0" * 5_000_000
    assert "unpacks to more than 3 MB" in refusal(tmp_path, "a.csv.gz", gzip.compress(zeros))
    assert "unpacks to more than 3 MB" in refusal(tmp_path, "a.zip", zipped({"a.csv": zeros}))
    # What is packed in several counts together.
    halves = zipped(dict.fromkeys(("a.csv", "b.csv"), zeros[:2000000]))
    assert "unpacks to more than 3 MB" in refusal(tmp_path, "b.zip", halves)
    assert "unpacks to too much" in refusal(tmp_path, "a.xlsx", workbook())


def test_names_in_an_archive_are_no_paths(tmp_path: Path) -> None:
    inner = zipped({"../../up.csv": as_csv(TABLES["revenue"]), "/etc/a.csv": as_csv(TABLES["accounts"])})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    tables, _ = opened([written(tmp_path, "a.zip", inner)], scratch)
    assert [name for name, _ in tables] == ["a.zip · up.csv", "a.zip · a.csv"]
    assert all(path.parent == scratch for _, path in tables)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scratch", "upload-zip"]


def test_a_file_is_opened_once_and_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "book.xlsx", workbook())
    first = opened([file], tmp_path)
    monkeypatch.setattr(module, "_sheets", None)
    assert opened([file], tmp_path) == first
    forget(file[1], tmp_path)
    assert not list(tmp_path.glob("o*"))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(workbook() if seed % 2 else gzip.compress(as_csv(TABLES["revenue"])))
    for _ in range(chance.randint(1, 30)):
        content[chance.randrange(4, len(content))] = chance.randrange(256)
    name = "a.xlsx" if seed % 2 else "a.csv.gz"
    with contextlib.suppress(FileError):  # nothing else may come of it
        load(tmp_path, written(tmp_path, name, bytes(content)))
