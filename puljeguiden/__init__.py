"""Puljeguiden's own decisions: facts, answers, time, mentions, masking. Imports neither Rasa nor Django."""
