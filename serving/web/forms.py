"""Which forms are there? Labels and hints; what is valid is decided by the parts they call."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from serving.auth.passwords import LEAST
from serving.auth.scopes import SCOPES

NEW_PASSWORD_HINT = f"At least {LEAST} characters. A few words are better than one."


DECISIONS = {
    "allow": "Allow: everybody sees it",
    "label": "Label: with a sentence beside it",
    "sensitive": "Sensitive: behind a notice, and not spread",
    "block": "Block: nobody but its author sees it",
}


class Form(FlaskForm):
    """A form of buttons alone."""


class SignUp(Form):
    username = StringField(
        "Username",
        description="Up to 15 letters, digits or underscores.",
        render_kw={"autocomplete": "username", "maxlength": 15, "required": True},
    )
    name = StringField("Display name", render_kw={"autocomplete": "name", "maxlength": 50})
    email = EmailField("E-mail address", render_kw={"autocomplete": "email", "required": True})
    password = PasswordField(
        "Password",
        description=NEW_PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "required": True},
    )


class SignIn(Form):
    username = StringField(
        "Username or e-mail address", render_kw={"autocomplete": "username", "required": True}
    )
    password = PasswordField(
        "Password", render_kw={"autocomplete": "current-password", "required": True}
    )
    next = HiddenField()


class Address(Form):
    email = EmailField("E-mail address", render_kw={"autocomplete": "email", "required": True})


class Token(Form):
    token = HiddenField()


class Reset(Token):
    new_password = PasswordField(
        "New password",
        description=NEW_PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "required": True},
    )


class ChangePassword(Form):
    current_password = PasswordField(
        "Current password", render_kw={"autocomplete": "current-password", "required": True}
    )
    new_password = PasswordField(
        "New password",
        description=NEW_PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "required": True},
    )


class Decision(Form):
    """What a moderator decides; what goes together is said by `serving/moderation/deciding.py`."""

    decision = RadioField("Decision", choices=list(DECISIONS.items()), validate_choice=False)
    reason = TextAreaField(
        "Reason",
        description="Its author reads it.",
        render_kw={"rows": 2, "maxlength": 500, "required": True},
    )
    label = StringField(
        "Label",
        description="What people read beside it, with the decision Label alone.",
        render_kw={"maxlength": 100, "autocomplete": "off"},
    )
    spam = BooleanField(
        "It is spam",
        description="With Block: whoever says the same from now on is refused.",
    )


class NewApp(Form):
    name = StringField("Name", render_kw={"maxlength": 50, "required": True})
    redirect_uris = TextAreaField(
        "Addresses to return to",
        description="One a line. Consent is sent to exactly these and to no other.",
        render_kw={"rows": 3},
    )
    confidential = BooleanField(
        "It can keep a secret",
        default=True,
        description="A server can; an app on a phone or in a browser cannot.",
    )
    scopes = SelectMultipleField(
        "What it may ask for",
        choices=list(SCOPES.items()),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validate_choice=False,
    )
