"""Judges a model: regression questions, near misses, cross-validation, comparison with the live one. Knows no Rasa.

What a model answers comes from an `Ask`; rasa_project/evaluate.py is the process that has the model.
"""
