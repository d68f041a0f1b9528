"""What is known of who a message is from. Facts with their reasons, never a score.

A fact is a kind, a weight and the values of its sentence; the sentences are `sentence_of`, in
English, for the window to translate.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Weight(Enum):
    """NOTE: worth knowing. CAUTION: look twice. WARNING: it pretends to be what it is not."""

    NOTE = "note"
    CAUTION = "caution"
    WARNING = "warning"


class FactKind(Enum):
    """The sentence of each; {0}, {1} are the values of the fact."""

    FIRST_MAIL = "This is the first mail from {0}."
    NAME_IS_ADDRESS = "The name says {0}, but the mail is from {1}."
    NAME_IS_SITE = "The name speaks of {0}, but the mail is from {1}."
    NAME_OF_CONTACT = "{0} is the name of somebody you know, who writes from {1}."
    OWN_NAME = "{0} is your own name, but {1} is none of your addresses."
    LOOK_ALIKE = "{0} looks like {1}, whom you know, but is another address."
    MIXED_SCRIPTS = "{0} mixes letters of several alphabets that look alike."
    LOOKS_LATIN = "{0} only looks like {1}: its letters are of another alphabet."
    HIDDEN_CHARACTERS = "The sender's name holds characters that cannot be seen."
    BROKEN_FROM = "The sender is written so that programs read different addresses: {0}."
    SEVERAL_SENDERS = "It names several senders: {0}."
    NO_SENDER = "It does not say from which address it is."
    PUNYCODE = "The domain {0} is written in other letters: {1}."
    SENT_BY_OTHER = "{1} sent it for {0}."
    REPLY_ELSEWHERE = "Answers go to {0}, not to {1}."
    LINKS = "{0} links show one site and open another."
    ONE_LINK = "A link shows {0} and opens {1}."
    NUMBER_LINK = "A link leads to a number instead of a name: {0}."
    ODD_LINKS = "Links hide where they lead, for example to {0}."
    PASSED = "{0} confirms that it is from {1} ({2})."
    FAILED = "{0} says that it is not proved to be from {1} ({2})."
    SIGNED = "The signature of {0} is good (DKIM, checked here)."
    SIGNED_IN_PART = "The signature of {0} is good, but covers only the beginning of the text."
    SIGNED_FOR_OTHER = "It is signed by {0}, not by {1}."
    SIGNATURE_BROKEN = "The signature of {0} does not fit: {1}."
    SIGNATURE_UNCHECKED = "The signature of {0} could not be checked: {1}."
    UNSIGNED = "It bears no signature (DKIM)."


class SignatureFault(Enum):
    """Why a signature is not to be believed: the second value of SIGNATURE_BROKEN and
    SIGNATURE_UNCHECKED, in English."""

    TEXT_CHANGED = "the text was changed on its way"
    HEADER_CHANGED = "the header was changed on its way"
    SENDER_NOT_SIGNED = "it does not cover the sender"
    HEADER_NOT_SIGNED = "it does not cover all of the header that is shown"
    EXPIRED = "it has expired"
    NO_KEY = "its key is not there"
    WITHDRAWN = "its key was withdrawn"
    SHORT_KEY = "its key is too short to be safe"
    BAD_KEY = "its key is none for this"
    SHA1 = "it is made with SHA-1, which is not safe any more"
    WRITTEN_WRONG = "it is not written as it should be"
    NO_ANSWER = "the name server gave no answer"


@dataclass(frozen=True, slots=True)
class SenderFact:
    """One fact. values: text for the sentence, made harmless (one line, no bidi controls)."""

    kind: FactKind
    weight: Weight
    values: tuple[str, ...] = ()


def sentence_of(fact: SenderFact) -> str:
    """The fact in English."""
    return fact.kind.value.format(*fact.values)
