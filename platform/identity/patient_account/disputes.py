"""A number or address that may belong to somebody else by now: recycled, given up, or never theirs."""

from core import audit
from core.database.session import WriteSession
from core.events import outbox
from identity.events import ContactDisputed, PatientSecurityChanged
from identity.models import Account
from identity.patient_account.sealed_contact import sealed_contact
from identity.patients import service as patients
from identity.person.contacts import Channel, Contact
from identity.related import acting


async def begin(write: WriteSession, contact: Contact) -> None:
    """Somebody new reads this contact, and knows nobody who was known by it.

    It lets nobody into those accounts any more, except on a device that they have signed in on, and no notice of theirs
    goes there. The clinic finds out whose it is.
    """
    for account in await patients.accounts_with(write, contact):
        if patients.disputed(account, contact.channel):
            continue
        if contact.channel is Channel.SMS:
            account.phone_disputed_at = write.now()
        else:
            account.email_disputed_at = write.now()
        await write.flush()
        patient_id = await acting.first_patient(write, account.id)
        await audit.log(
            write, "account.contact_disputed", patient_id=patient_id, entity=("account", account.id)
        )
        if patient_id is not None:
            await outbox.add(write, ContactDisputed(account_id=account.id, patient_id=patient_id))
        spare = sealed_contact(write, account.id, contact)
        changed = PatientSecurityChanged(account_id=account.id, change="contact_disputed", spare=spare)
        await outbox.add(write, changed)


def settle(account: Account, channel: Channel) -> None:
    """The contact is the account's: proven, or found out by the clinic."""
    if channel is Channel.SMS:
        account.phone_disputed_at = None
    else:
        account.email_disputed_at = None
