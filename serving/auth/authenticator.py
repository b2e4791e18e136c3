"""Which proof does a request bring, and who is it then?"""

from __future__ import annotations

from flask import Request

from serving.auth.tokens import Tokens, bearer_token
from serving.principal import Principal


class Authenticator:
    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def principal(self, request: Request) -> Principal | None:
        """Who asks; None where nobody has to say (pages for signing in).

        Raises `Unauthorized`, or `StoreUnavailable` where nobody can say.
        """
        return self._tokens.principal(bearer_token(request.headers.get("authorization", "")))
