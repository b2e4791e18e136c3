"""Which forms are there? Labels and hints; what is valid is decided by the parts they call."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from serving.auth.passwords import LEAST
from serving.auth.scopes import SCOPES

NEW_PASSWORD_HINT = f"At least {LEAST} characters. A few words are better than one."


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
