"""The texts that leave the application by SMS and e-mail, in English and Spanish.

They say that there is something, never what: a phone lies on the table, a mailbox is shared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent: ``subject`` is for e-mail only."""

    subject: str
    text: str


_TEXTS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "code": {
            "en": (
                "Your sign-in code",
                "{code} is your code for {clinic}. It works for 10 minutes. Or open {link}\n"
                "We never ask for this code by phone.",
            ),
            "es": (
                "Su código para entrar",
                "{code} es su código para {clinic}. Sirve durante 10 minutos. O abra {link}\n"
                "Nunca le pediremos este código por teléfono.",
            ),
        },
        "invite": {
            "en": (
                "Your account at {clinic}",
                "{clinic} has made an account for you. Set your password here: {link}",
            ),
            "es": (
                "Su cuenta en {clinic}",
                "{clinic} creó una cuenta para usted. Elija su contraseña aquí: {link}",
            ),
        },
        "reset": {
            "en": ("Set a new password", "Set a new password for {clinic} here: {link}"),
            "es": ("Elija una contraseña nueva", "Elija una contraseña nueva para {clinic} aquí: {link}"),
        },
        "security": {
            "en": (
                "Your sign-in was changed",
                "How you sign in to {clinic} was changed. If this was not you, call the clinic at once.",
            ),
            "es": (
                "Su forma de entrar cambió",
                "Cambió la forma en que usted entra a {clinic}. Si no fue usted, llame a la clínica de inmediato.",
            ),
        },
        "new_device": {
            "en": (
                "A new device signed in",
                "Somebody signed in to your account at {clinic} on a new device. If this was not you, sign in at "
                "{link} and say so, or call the clinic at once.",
            ),
            "es": (
                "Un dispositivo nuevo entró",
                "Alguien entró a su cuenta de {clinic} con un dispositivo nuevo. Si no fue usted, entre en {link} y "
                "díganoslo, o llame a la clínica de inmediato.",
            ),
        },
        "staff_security": {
            "en": (
                "Your account was changed",
                "Your account at {clinic} was changed. If you know of it, there is nothing to do. If not, freeze the "
                "account at once, so that nobody works under your name: {link}",
            ),
            "es": (
                "Su cuenta cambió",
                "Su cuenta en {clinic} cambió. Si usted lo sabe, no hace falta nada. Si no, bloquee la cuenta de "
                "inmediato para que nadie trabaje con su nombre: {link}",
            ),
        },
        "frozen": {
            "en": (
                "An account was frozen",
                "Somebody on the staff of {clinic} says that their account was taken over. It is frozen. Look into it: "
                "{link}",
            ),
            "es": (
                "Se bloqueó una cuenta",
                "Alguien del personal de {clinic} dice que otra persona tomó su cuenta. Está bloqueada. Revísela: "
                "{link}",
            ),
        },
        "chart_opened": {
            "en": (
                "A restricted chart was opened",
                "Somebody at {clinic} opened a restricted chart with a reason. Review it: {link}",
            ),
            "es": (
                "Se abrió un expediente restringido",
                "Alguien en {clinic} abrió un expediente restringido con un motivo. Revíselo: {link}",
            ),
        },
        "guest": {
            "en": (
                "You are asked to join a visit",
                "{clinic} asks you to join a video visit. Open this link on the phone or computer that you will use: "
                "{link}",
            ),
            "es": (
                "Le invitan a una consulta",
                "{clinic} le invita a una consulta por video. Abra este enlace en el teléfono o la computadora que va "
                "a usar: {link}",
            ),
        },
        "message": {
            "en": ("A message from {clinic}", "You have a new message from {clinic}. Read it here: {link}"),
            "es": ("Un mensaje de {clinic}", "Tiene un mensaje nuevo de {clinic}. Léalo aquí: {link}"),
        },
        "summary": {
            "en": (
                "After your visit",
                "The summary of your visit at {clinic} is ready. Read it here: {link}",
            ),
            "es": (
                "Después de su consulta",
                "El resumen de su consulta en {clinic} está listo. Léalo aquí: {link}",
            ),
        },
        "booked": {
            "en": (
                "Your visit is booked",
                "Your visit at {clinic} is booked for {when}. Open it here: {link}",
            ),
            "es": (
                "Su consulta está agendada",
                "Su consulta en {clinic} está agendada para el {when}. Ábrala aquí: {link}",
            ),
        },
        "reminder": {
            "en": (
                "Your visit is coming up",
                "Your visit at {clinic} is on {when}. Check your camera and connection before it, and join here: "
                "{link}",
            ),
            "es": (
                "Se acerca su consulta",
                "Su consulta en {clinic} es el {when}. Antes, pruebe su cámara y su conexión. Entre aquí: {link}",
            ),
        },
        "next": {
            "en": ("You are next", "You are next at {clinic}. Come back to your place in line: {link}"),
            "es": ("Usted sigue", "Usted sigue en {clinic}. Vuelva a su lugar en la fila: {link}"),
        },
        "starting": {
            "en": ("Your visit is starting", "Your visit at {clinic} is starting. Join here: {link}"),
            "es": ("Su consulta empieza", "Su consulta en {clinic} está empezando. Entre aquí: {link}"),
        },
        "rescheduled": {
            "en": (
                "Your visit has a new time",
                "Your visit at {clinic} has a new time: {when}. Open it here: {link}",
            ),
            "es": (
                "Su consulta tiene una hora nueva",
                "Su consulta en {clinic} tiene una hora nueva: {when}. Ábrala aquí: {link}",
            ),
        },
        "cancelled": {
            "en": (
                "Your visit is canceled",
                "Your visit at {clinic} on {when} is canceled. To book another time: {link}",
            ),
            "es": (
                "Su consulta está cancelada",
                "Su consulta en {clinic} del {when} está cancelada. Para agendar otra: {link}",
            ),
        },
    }
)


def write_notice(kind: str, locale: str, **values: str) -> Notice:
    """The notice of a kind in the reader's language, English where there is no other. Raises KeyError."""
    texts = _TEXTS[kind]
    subject, text = texts.get(locale, texts["en"])
    return Notice(subject.format_map(values), text.format_map(values))
