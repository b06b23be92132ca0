"""Who may do what. A role is a group; what it may do stands here, and nowhere else."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.http import HttpRequest

VIEW_CASES = "cases.view_case"
CHANGE_CASES = "cases.change_case"
ANSWER_CASES = "cases.answer_case"
EXPORT_CASES = "cases.export_case"
VIEW_CONVERSATIONS = "conversations.view_conversation"
REVIEW_CONVERSATIONS = "conversations.review_conversation"
UNMASK_CONVERSATIONS = "conversations.unmask_conversation"
EXPORT_CONVERSATIONS = "conversations.export_conversation"
DELETE_CONVERSATIONS = "conversations.delete_conversation"
TRAIN = "training.train"
PUBLISH = "training.publish"
OVERRIDE = "training.override"
_PEOPLE = {"auth.view_user", "auth.add_user", "auth.change_user"}


class Role(TextChoices):
    """The roles there are. The names are those of the groups."""

    READER = "Læser", "Læser"
    CASEWORKER = "Sagsbehandler", "Sagsbehandler"
    TRAINER = "Træner", "Træner"
    ADMINISTRATOR = "Administrator", "Administrator"


_CASEWORK = {VIEW_CASES, CHANGE_CASES, ANSWER_CASES, EXPORT_CASES}
_REVIEW = {VIEW_CONVERSATIONS, REVIEW_CONVERSATIONS}
_TRAINING = {TRAIN, PUBLISH}
_PERSONAL_DATA = {EXPORT_CONVERSATIONS, UNMASK_CONVERSATIONS, DELETE_CONVERSATIONS}
ROLES: dict[Role, set[str]] = {
    Role.READER: {VIEW_CASES, VIEW_CONVERSATIONS},
    Role.CASEWORKER: _CASEWORK | _REVIEW | {EXPORT_CONVERSATIONS},
    # Cases hold names and addresses, and training needs neither.
    Role.TRAINER: _REVIEW | _TRAINING,
    Role.ADMINISTRATOR: _CASEWORK | _REVIEW | _PERSONAL_DATA | _TRAINING | {OVERRIDE} | _PEOPLE,
}


def check(request: HttpRequest, permission: str) -> None:
    """Let somebody through who has a permission.

    Raises:
        PermissionDenied: they have not.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied


def manages_people(user: AbstractUser | AnonymousUser) -> bool:
    """Return whether somebody may make and change accounts."""
    return user.has_perms(_PEOPLE)
