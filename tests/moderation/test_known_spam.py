"""What people call spam is known soon, and stays known while the store is away."""

from __future__ import annotations

from moderation.known_spam import KnownSpam


def test_it_is_read_anew_when_it_is_old_and_kept_while_it_cannot_be_read() -> None:
    answers: list[list[str] | Exception] = [["a"], OSError("away"), ["a", "b"]]

    def read() -> list[str]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    known = KnownSpam(read, seconds=0.0, failures=(OSError,))
    assert [known.keys() for _ in range(3)] == [{"a"}, {"a"}, {"a", "b"}]


def test_it_is_not_read_again_while_it_is_young() -> None:
    answers = [["a"]]
    known = KnownSpam(answers.pop, seconds=1_000.0)
    assert [known.keys() for _ in range(2)] == [{"a"}, {"a"}]
