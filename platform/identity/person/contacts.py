"""Where someone can be reached: a phone number or an e-mail address, in one canonical form each."""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from core.config import Settings

# Deliberately loose (RFC 5321 allows almost anything): the code that is sent there is the real check.
_EMAIL = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@[^@\s<>\"(),:;\\.-][^@\s<>\"(),:;\\]*\.[^@\s<>\"(),:;\\.]{2,}")
_EMAIL_MAX = 254
# What phonenumbers does not read as the word before an extension: "interno 12", "ramal 12", "ext no. 12".
_EXTENSION = re.compile(
    r"\b(?:ext(?:ensi[oó]n)?|int(?:erno)?|anexo|ramal)\b\.?\s*(?:n[oº°]|n[uú]m(?:ero)?|number)?[.:#\s]*(?=\d)",
    re.IGNORECASE,
)
_EXTENSION_MAX = 8


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True)
class Contact:
    """`value` is E.164 for SMS and a lower-case address for e-mail: equal contacts are equal strings."""

    channel: Channel
    value: str

    @property
    def masked(self) -> str:
        """Enough for its owner to recognise it, too little for anyone else: `••• 0142`, `m•••@example.org`."""
        if self.channel is Channel.SMS:
            return f"••• {self.value[-4:]}"
        name, domain = self.value.split("@", 1)
        return f"{name[0]}•••@{domain}"


def parse_phone(text: str, region: str = "US") -> str | None:
    """E.164 of a number as people write it (`(415) 555-0142`), or None when it cannot be one.

    One with an extension is none: no text message and no fax reaches it.
    """
    dialed = parse_dialed(text, region)
    return None if dialed is None or ";" in dialed else dialed


def parse_dialed(text: str, region: str = "US") -> str | None:
    """A number for a person to dial: E.164, with its extension as RFC 3966 has it, `+14155550142;ext=204`.

    None when it cannot be one. An extension has at most eight digits, as SCRIPT does.
    """
    try:
        number = phonenumbers.parse(_EXTENSION.sub(" ext. ", text), region)
    except phonenumbers.NumberParseException:
        return None
    # "Possible", not "valid": numbers kept for fiction (555-01xx) and new area codes must pass.
    # A number without its area code is possible only to neighbors, and cannot be called back.
    possible = phonenumbers.is_possible_number_with_reason(number)
    # E.164 has ASCII digits alone; an extension keeps the digits of any script in which it was typed.
    extension = phonenumbers.normalize_digits_only(number.extension or "")
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE or len(extension) > _EXTENSION_MAX:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={extension}" if extension else e164


def contact_problem(text: str) -> str:
    """Why `parse_contact` reads nothing in this."""
    if not text.strip():
        return "required"
    dialed = None if "@" in text else parse_dialed(text)
    return "contact_extension" if dialed else "contact_invalid"


def has_carrier(channel: Channel, settings: Settings) -> bool:
    """Whether a message of this kind goes anywhere: to a carrier, or onto the demo's page."""
    carrier = settings.twilio_account_sid if channel is Channel.SMS else settings.smtp_url
    return settings.demo or bool(carrier)


def may_text(contact: Contact, countries: str) -> bool:
    """Whether text messages go to where this is: `countries` are ISO 3166 codes, and a mailbox is nowhere.

    Numbers that cost a fortune are abroad, in the Caribbean under the same +1, and who owns them asks for many codes.
    """
    if contact.channel is Channel.EMAIL:
        return True
    allowed = {country.strip() for country in countries.split(",")}
    number = phonenumbers.parse(contact.value)
    # Of a number kept for fiction, or too new for the library, only the calling code is known.
    country = phonenumbers.region_code_for_number(number)
    return country in allowed or (
        country is None
        and any(phonenumbers.country_code_for_region(each) == number.country_code for each in allowed)
    )


def readable_phone(number: str) -> str:
    """A number (E.164, with or without an extension) as people of its country write it, `(518) 555-0199 ext. 204`;
    anything else as it is.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    home = phonenumbers.PhoneNumberFormat.NATIONAL
    abroad = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, home if parsed.country_code == 1 else abroad)


def parse_email(text: str) -> str | None:
    """The address in lower case, or None when it cannot be one."""
    address = text.strip().lower()
    if len(address) > _EMAIL_MAX or not address.isprintable() or not _EMAIL.fullmatch(address):
        return None
    return address


def parse_contact(text: str) -> Contact | None:
    """A phone number or an e-mail address, whichever was typed into the one field there is."""
    if "@" in text:
        email = parse_email(text)
        return Contact(Channel.EMAIL, email) if email else None
    phone = parse_phone(text)
    return Contact(Channel.SMS, phone) if phone else None
