"""Runs custom actions inside Rasa's process: an action endpoint that calls the SDK's executor instead of a server."""

from __future__ import annotations

import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection


class LocalActions(EndpointConfig):
    """An `action_endpoint` without a network: same request and response as an action server's `/webhook`."""

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="local", enable_selective_domain=True)
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run one action and return its events and responses.

        Raises:
            ClientResponseError: 400 when the action rejects its execution, as an action server answers.
        """
        try:
            return await self.executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            body = json.dumps({"error": rejection.message, "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", body) from None
