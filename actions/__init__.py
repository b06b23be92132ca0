"""Custom actions: read slots and the latest message, ask puljeguiden, say, return events."""
