"""Files of a workbook packed so that the same content makes the same bytes."""

from __future__ import annotations

import io
import zipfile

_STAMP = (2020, 1, 1, 0, 0, 0)


def packed(data: bytes) -> bytes:
    """The zip file ``data`` with fixed times.

    The part that names the type of an ODS file is not compressed: programs look for it there.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as found, zipfile.ZipFile(made, "w") as archive:
        for part in found.infolist():
            entry = zipfile.ZipInfo(part.filename, _STAMP)
            stored = part.filename == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            archive.writestr(entry, found.read(part))
    return made.getvalue()
