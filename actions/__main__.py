"""The action server: `python -m actions`. Rasa's own, with our logs, and without repeating requests in its errors."""

from __future__ import annotations

import logging
import os

from rasa_sdk.constants import DEFAULT_SERVER_PORT
from rasa_sdk.endpoint import create_app
from sanic.request import Request
from sanic.response import HTTPResponse, json

from puljeguiden import facts, logs, settings

logger = logging.getLogger("actions")


def main() -> None:
    """Run until stopped."""
    settings.check_all()
    logs.configure()
    logging.getLogger("rasa_sdk").setLevel(logging.CRITICAL)  # it logs whole requests; failures are logged here
    facts.current()
    app = create_app("actions", cors_origins="")

    @app.exception(Exception)
    async def fail(_: Request, error: Exception) -> HTTPResponse:
        status = getattr(error, "status_code", 500)
        if status >= 500:
            logger.error("action failed", exc_info=error)
        return json({"error": "failed"}, status=status)

    app.config.KEEP_ALIVE_TIMEOUT = 60  # seconds; longer than Rasa's side keeps a connection that nobody uses
    host = os.environ.get("SANIC_HOST", "127.0.0.1")
    port = int(os.environ.get("SANIC_PORT", DEFAULT_SERVER_PORT))
    app.run(host=host, port=port, workers=1, access_log=False, motd=False)


if __name__ == "__main__":
    main()
