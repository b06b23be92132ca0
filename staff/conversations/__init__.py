"""Conversations as staff review them: masked, searchable, kept for a limited time."""
