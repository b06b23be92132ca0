"""Migrations of the app of conversations."""
