"""The staff service: cases that people answer. Django, on its own port. Imports no Rasa."""
