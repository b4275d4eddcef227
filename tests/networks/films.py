"""Films as files, put together box by box (ISO/IEC 14496-12): an index without a picture to play."""

import struct


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def track(width: int, height: int, codec: bytes, *more: bytes, turned: bool = False) -> bytes:
    one, none = 0x10000, 0
    matrix = [none, one, 0, -one, none, 0, 0, 0, 0x40000000] if turned else [one, 0, 0, 0, one, 0, 0, 0, 0x40000000]
    tkhd = bytes(40) + struct.pack(">9i", *matrix) + struct.pack(">II", width << 16, height << 16)
    stsd = bytes(4) + struct.pack(">I", 1) + box(codec, bytes(70))
    inner = box(b"mdia", box(b"minf", box(b"stbl", box(b"stsd", stsd))))
    return box(b"trak", box(b"tkhd", tkhd), inner, *more)


def noting_track(at: int, samples: list[bytes]) -> bytes:
    """A track that notes something all along, its samples in one chunk at an offset of the file."""
    sizes = [len(sample) for sample in samples]
    handler = box(b"hdlr", bytes(8), b"meta", bytes(12))
    stsz = struct.pack(f">III{len(sizes)}I", 0, 0, len(sizes), *sizes)
    stsc = struct.pack(">IIIII", 0, 1, 1, len(sizes), 1)
    tables = box(b"stsz", stsz) + box(b"stsc", stsc) + box(b"stco", struct.pack(">III", 0, 1, at))
    return box(b"trak", box(b"mdia", handler, box(b"minf", box(b"stbl", tables))))


def film(
    *more: bytes,
    seconds: float = 12.5,
    width: int = 640,
    height: int = 360,
    brand: bytes = b"isom",
    turned: bool = False,
) -> bytes:
    """`more` stands in its index, beside the tracks."""
    mvhd = bytes(12) + struct.pack(">II", 1000, int(seconds * 1000)) + bytes(80)
    tracks = track(width, height, b"avc1", turned=turned) + track(0, 0, b"mp4a")
    index = box(b"moov", box(b"mvhd", mvhd), tracks, *more)
    return box(b"ftyp", brand, bytes(4), b"isom") + index + box(b"mdat", b"film" * 16)
