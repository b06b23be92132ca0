"""Talks to the running assistant in the terminal, as a visitor would."""

from __future__ import annotations

import secrets
import sys

import requests

from puljeguiden import settings

HELP = "talk to the running assistant"


def main() -> int:
    """Read questions until the end of input; «kilder» shows what the last reply rests on."""
    url = f"http://127.0.0.1:{settings.get('PULJEGUIDEN_PORT')}/webhooks/rest/webhook"
    sender = secrets.token_urlsafe(24)
    sources: list[str] = []
    print("Skriv dit spørgsmål. «kilder» viser, hvad svaret bygger på. Ctrl-D slutter.")
    while True:
        try:
            message = input("> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return 0
        if message.strip().lower() == "kilder":
            print("\n".join(sources) or "(ingen)")
            continue
        try:
            response = requests.post(url, json={"sender": sender, "message": message}, timeout=20)
        except requests.RequestException:
            print("Puljeguiden svarer ikke. Kører den? Start den med «make run».", file=sys.stderr)
            return 1
        if not response.ok:
            print(response.json().get("text", response.status_code))
            continue
        for item in response.json():
            print(item["text"])
            if buttons := item.get("buttons"):
                print("   ".join(f"[{button['title']}]" for button in buttons))
            answers = item["custom"]["answers"]
            print(
                "   ".join(f"({answer['pool'] or '-'} · {answer['topic']} · {answer['status']})" for answer in answers)
            )
            sources = [
                f"”{source['quote']}” ({source['document']})" for answer in answers for source in answer["sources"]
            ]
