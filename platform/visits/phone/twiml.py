"""What twilio is told to do with a telephone that was answered, as TwiML. Pure.

Nothing that is said names the patient, the clinician or why the clinic calls: anybody may have picked up.
"""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from twilio.twiml.voice_response import Dial, VoiceResponse

from visits.phone.domain import Side

_VOICES: Mapping[str, str] = MappingProxyType({"en": "en-US", "es": "es-US"})

_TO_PATIENT: Mapping[str, str] = MappingProxyType(
    {
        "en": "Hello. This is {clinic}. Please stay on the line. We connect you now.",
        "es": "Hola. Le llama {clinic}. Por favor, no cuelgue. Le comunicamos ahora.",
    }
)
_TO_ANYBODY: Mapping[str, str] = MappingProxyType(
    {
        "en": "Hello. Please stay on the line. We connect you now.",
        "es": "Hola. Por favor, no cuelgue. Le comunicamos ahora.",
    }
)
_TO_CLINICIAN: Mapping[str, str] = MappingProxyType(
    {"en": "We connect you to your visit now.", "es": "Le comunicamos ahora con su consulta."}
)
_VOICEMAIL: Mapping[str, str] = MappingProxyType(
    {
        "en": "Hello. This is {clinic}. We tried to call you, and will try again. Goodbye.",
        "es": "Hola. Le llamó {clinic}. Volveremos a intentarlo. Hasta luego.",
    }
)


def language_of(tag: str) -> str:
    """The language that we speak to whoever reads this one (BCP 47): theirs, or else English."""
    language = tag.partition("-")[0].lower()
    return language if language in _VOICES else "en"


def conference(call_id: UUID, side: Side, *, clinic: str, language: str, quiet: bool) -> str:
    """Greet, and join the conference of this call. `quiet`: whoever picks up must not learn that a clinic calls.

    The patient hears music until the clinician is there; when the clinician hangs up, the conference is over.
    """
    clinicians = side is Side.CLINICIAN
    words = _TO_CLINICIAN if clinicians else _TO_ANYBODY if quiet else _TO_PATIENT
    response, dial = VoiceResponse(), Dial()
    response.say(words[language].format(clinic=clinic), language=_VOICES[language])
    dial.conference(
        str(call_id),
        beep=False,
        start_conference_on_enter=clinicians,
        end_conference_on_exit=clinicians,
        participant_label=str(side),
        max_participants=2,
    )
    response.append(dial)
    return str(response)


def voicemail(*, clinic: str, language: str) -> str:
    """Say that the clinic called, and nothing else, and hang up."""
    response = VoiceResponse()
    response.say(_VOICEMAIL[language].format(clinic=clinic), language=_VOICES[language])
    response.hangup()
    return str(response)


def hang_up() -> str:
    response = VoiceResponse()
    response.hangup()
    return str(response)
