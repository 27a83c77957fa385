"""Reads the words back out of our own PDF files, as a reader of the file finds, marks and copies them."""

import base64
import re
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
FONT_NAME = re.compile(rb"/(F\d+\+\d+) (\d+) 0 R")
TO_UNICODE = re.compile(rb"/ToUnicode (\d+) 0 R")
LETTER = re.compile(r"<([0-9A-F]{2})> <([0-9A-F]{4,})>")
BLOCK = re.compile(rb"BT(.*?)ET", re.DOTALL)
STEP = re.compile(rb"/(F\d+\+\d+) [\d.]+ Tf|\(((?:[^\\()]|\\.)*)\) Tj|(T\*)", re.DOTALL)
ESCAPED = re.compile(rb"\\(\d{3}|.)", re.DOTALL)

Letters = dict[int, str]


def paragraphs(file: bytes) -> list[str]:
    """Every paragraph in order, its lines joined again. Raises `LookupError` for a letter that the file cannot name."""
    objects = {int(number): body for number, body in OBJECT.findall(file)}
    fonts = {name: _letters(objects, int(number)) for name, number in FONT_NAME.findall(file)}
    pages = [_stream(body) for body in objects.values() if b"ASCII85Decode" in body]
    found = [_words(block, fonts) for page in pages for block in BLOCK.findall(page)]
    return [words for words in found if words]


def _stream(body: bytes) -> bytes:
    data = body.partition(b"stream")[2].rpartition(b"endstream")[0].lstrip(b"\r\n")
    if b"ASCII85Decode" in body:
        data = base64.a85decode(b"<~" + data.strip(), adobe=True)
    return zlib.decompress(data)


def _letters(objects: dict[int, bytes], font: int) -> Letters:
    """What each byte of a font means, as its `ToUnicode` table says."""
    named = TO_UNICODE.search(objects[font])
    if named is None:
        raise LookupError("A font of the file does not say which letters it draws.")
    table = _stream(objects[int(named[1])]).decode()
    return {int(byte, 16): bytes.fromhex(letter).decode("utf-16-be") for byte, letter in LETTER.findall(table)}


def _words(block: bytes, fonts: dict[bytes, Letters]) -> str:
    font: Letters = {}
    words = ""
    for name, shown, line in STEP.findall(block):
        if name:
            font = fonts.get(name, {})
        elif line:
            words += " "
        else:
            words += "".join(font[byte] for byte in ESCAPED.sub(_plain, shown))
    return words.strip()


def _plain(escaped: re.Match[bytes]) -> bytes:
    code = escaped[1]
    return bytes([int(code, 8)]) if len(code) > 1 else code
