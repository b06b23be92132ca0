"""Makes deploy/local/: secrets, host names, .env. `python3 deploy/setup.py chat.example.dk puljer.example.dk`, once.

Nothing that is there is changed, so it can be run again. Needs only Python, and openssl for a certificate to try with.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_DRAWN = ("secret", "staff_token", "staff_secret", "database_password")
_EMPTY = ("smtp_url", "oidc_client_secret")


def main() -> int:
    """Return 2 where the two host names are missing."""
    if len(sys.argv) != 3:
        print("Which host names? python3 deploy/setup.py <chat> <staff>", file=sys.stderr)
        return 2
    make(_ROOT, *sys.argv[1:])
    return 0


def make(root: Path, chat: str, staff: str) -> None:
    """Write what is missing below a root folder."""
    local = root / "deploy" / "local"
    kept = local / "secrets"
    kept.mkdir(parents=True, exist_ok=True)
    kept.parent.chmod(0o755)
    kept.chmod(0o700)  # on the host; containers get single files, and their users have to be able to read them
    for name in _DRAWN:
        _write(kept / name, secrets.token_hex(32))
    for name in _EMPTY:
        _write(kept / name, "")
    password = (kept / "database_password").read_text(encoding="utf-8").strip()
    _write(kept / "database_url", f"postgresql://puljeguiden:{password}@postgres:5432/puljeguiden")
    if _write(kept / "admin_password", secrets.token_urlsafe(15)):
        print(f"First staff account: administrator; its password stands in {kept / 'admin_password'}.")
    if not (kept / "tls_certificate").exists():
        _certificate(kept, chat, staff)
        print(
            "A certificate to try with was made; browsers will warn. Put yours in its place (tls_certificate, tls_key)."
        )
    names = local / "nginx"
    names.mkdir(exist_ok=True)
    _write(names / "chat.conf", f"server_name {chat};")
    _write(names / "staff.conf", f"server_name {staff};\n# Who may reach it: allow 10.0.0.0/8; deny all;")
    env = root / ".env"
    settings = env.read_text(encoding="utf-8") if env.exists() else ""
    if "\nPULJEGUIDEN_STAFF_PUBLIC_URL=" not in f"\n{settings}":
        env.write_text(f"{settings}PULJEGUIDEN_STAFF_PUBLIC_URL=https://{staff}\n", encoding="utf-8")


def _write(file: Path, text: str) -> bool:
    if file.exists():
        return False
    file.write_text(f"{text}\n", encoding="utf-8")
    return True


def _certificate(folder: Path, *names: str) -> None:
    key, certificate = folder / "tls_key", folder / "tls_certificate"
    alternatives = ",".join(f"DNS:{name}" for name in names)
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", f"/CN={names[0]}"]
    command += ["-addext", f"subjectAltName={alternatives}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o644)


if __name__ == "__main__":
    sys.exit(main())
