"""A question for people becomes a case: what the form knows, what a message changes, what is asked next.

Pure: a form, a message and the facts go in; the form as it is now and what to say come out.
"""

from puljeguiden.handoff.form import BUTTONS, CONFIRM, EMPTY, STEPS, SUBJECT, Form, contacts, sources
from puljeguiden.handoff.opening import ANYONE, introduce, open_form
from puljeguiden.handoff.showing import Privacy, ask, notice, sent
from puljeguiden.handoff.steps import Said, Step, take

__all__ = [
    "ANYONE",
    "BUTTONS",
    "CONFIRM",
    "EMPTY",
    "STEPS",
    "SUBJECT",
    "Form",
    "Privacy",
    "Said",
    "Step",
    "ask",
    "contacts",
    "introduce",
    "notice",
    "open_form",
    "sent",
    "sources",
    "take",
]
