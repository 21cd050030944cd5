#!/usr/bin/env python3
"""Makes the secrets of a new installation, one file each, in `deploy/secrets`; changes none that exists.

Without containers: `make_secrets.py /etc/portal-ikm/secrets 127.0.0.1` names the folder and the database's machine.
The folder is closed to others. The files are open inside it, because a container reads them under another account.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

FOLDER = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "secrets").resolve()
DATABASE_HOST = sys.argv[2] if len(sys.argv) > 2 else "postgres"


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def write(name: str, content: str) -> str:
    path = FOLDER / name
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(content + "\n")
        print(f"made {path}")  # noqa: T201 - a program of the command line
    return path.read_text().strip()


def main() -> None:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    os.umask(0)
    write("secret_key", secrets.token_urlsafe(64))
    write("encryption_keys", f"1:{key()}")
    write("hash_key", key())
    write("audit_seal_keys", f"1:{key()}")
    password = write("postgres_password", secrets.token_hex(24))
    write("database_url", f"postgres://portal:{password}@{DATABASE_HOST}:5432/portal")
    write("email_url", "smtp+tls://user:password@mail.example.go.id:587")


if __name__ == "__main__":
    main()
