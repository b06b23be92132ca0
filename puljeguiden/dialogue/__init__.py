"""Decides what to reply to a turn: which pool and which question are meant, in the light of what came before.

Pure: a turn, the conversation's context, the facts and the moment go in; what to say and the new context come out.
"""

from puljeguiden.dialogue.reply import reply
from puljeguiden.dialogue.scene import Context, Part, Reply, Turn

__all__ = ["Context", "Part", "Reply", "Turn", "reply"]
