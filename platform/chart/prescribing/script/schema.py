"""Reading XML that a stranger sent, and checking it against our own schema of the messages we speak."""

from functools import cache
from importlib import resources

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError
from defusedxml.ElementTree import fromstring as parse_defused
from lxml import etree

MAX_BYTES = 64 * 1024
"""A prescription is about 3 KB."""


class NotScript(Exception):
    """The bytes are no SCRIPT message that we understand; the text says why, without what they contain."""


@cache
def _schema() -> etree.XMLSchema:
    source = resources.files("chart.prescribing").joinpath("data", "script.xsd").read_bytes()
    return etree.XMLSchema(etree.fromstring(source))


def read(data: bytes) -> etree._Element:
    """The message's root element. Raises NotScript for what is too long, hostile, malformed or against the schema.

    defusedxml goes first and refuses document types, entities and references to elsewhere; only then does lxml,
    which knows schemas, see the bytes, with everything switched off that would follow a reference.
    """
    if len(data) > MAX_BYTES:
        raise NotScript("longer than a message may be")
    try:
        parse_defused(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(data, parser)
    except DefusedXmlException:
        raise NotScript("document types and entities are refused") from None
    except (ParseError, etree.XMLSyntaxError, ValueError, LookupError, RecursionError):
        raise NotScript("not well-formed XML") from None
    check(root)
    return root


def check(root: etree._Element) -> None:
    """Raises NotScript, naming the first element that does not fit, never its content."""
    schema = _schema()
    if schema.validate(root):
        return
    error = schema.error_log.last_error
    path = error.path if error is not None and error.path else "/Message"
    raise NotScript(f"{path} does not fit the schema")
