"""Who may do what: the whole product's permissions and the roles that hold them, as one table.

A permission opens a door; it never says *whose* visit or chart lies behind it. That is the work of each
slice's `access.py` and of the row-level security beneath it.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from core.actor import Role


class Permission(StrEnum):
    """What a route asks for. The value is what the audit and the API document show."""

    SESSION = "session"
    PROFILE = "profile"
    CREDENTIALS = "credentials"
    STEP_UP = "step_up"
    OWN_ACCOUNT = "own_account"
    ACT_FOR = "act_for"
    LIVE = "live"

    INTAKE_WRITE = "intake.write"

    SLOT_READ = "slot.read"
    SLOT_MANAGE = "slot.manage"
    VISIT_REQUEST = "visit.request"
    VISIT_BOOK = "visit.book"
    VISIT_READ = "visit.read"
    VISIT_WAIT = "visit.wait"
    VISIT_JOIN = "visit.join"
    VISIT_INVITE = "visit.invite"
    VISIT_AGREE = "visit.agree"
    VISIT_ADMIT = "visit.admit"
    VISIT_PHONE = "visit.phone"
    VISIT_PUT_BACK = "visit.put_back"
    VISIT_FINISH = "visit.finish"
    VISIT_CANCEL = "visit.cancel"
    CALL_SUPPORT = "call.support"
    QUEUE_READ = "queue.read"

    GUEST = "guest"

    PATIENT_READ = "patient.read"
    PATIENT_ACCOUNT = "patient.account"
    CONTACT_READ = "contact.read"
    CONTACT_WRITE = "contact.write"
    IDENTIFIER_READ = "identifier.read"
    IDENTIFIER_WRITE = "identifier.write"
    RELATED_READ = "related.read"
    RELATED_MANAGE = "related.manage"
    RELATED_END = "related.end"
    CHART_READ = "chart.read"
    CHART_WRITE = "chart.write"
    CHART_OPEN = "chart.open"
    NOTE_READ = "note.read"
    NOTE_WRITE = "note.write"
    NOTE_SIGN = "note.sign"
    SUMMARY_READ = "summary.read"
    TERMINOLOGY_SEARCH = "terminology.search"

    PRESCRIPTION_READ = "prescription.read"
    PRESCRIPTION_WRITE = "prescription.write"
    PRESCRIPTION_SIGN = "prescription.sign"
    PHARMACY_READ = "pharmacy.read"

    MESSAGE_READ = "message.read"
    MESSAGE_WRITE = "message.write"
    TASK_READ = "task.read"
    TASK_WRITE = "task.write"

    PRIVACY_RESTRICT = "privacy.restrict"
    PRIVACY_REVIEW = "privacy.review"

    RECORD_OWN = "record.own"
    RECORD_ACCESSES = "record.accesses"

    STAFF_CONFIRM = "staff.confirm"
    ADMIN_PEOPLE = "admin.people"
    ADMIN_CLINIC = "admin.clinic"
    ADMIN_AUDIT = "admin.audit"
    ADMIN_WORK = "admin.work"


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_PATIENT, _CLINICIAN, _COORDINATOR = Role.PATIENT, Role.CLINICIAN, Role.COORDINATOR
_ADMIN, _PRIVACY, _GUEST = Role.ADMIN, Role.PRIVACY, Role.GUEST
_STAFF = _roles(_CLINICIAN, _COORDINATOR, _ADMIN, _PRIVACY)
_MEMBERS = _STAFF | {_PATIENT}
_CARE_TEAM = _roles(_CLINICIAN, _COORDINATOR)
_CARE_TEAM_AND_PATIENT = _roles(_PATIENT, _CLINICIAN, _COORDINATOR)

GRANTS: Mapping[Permission, frozenset[Role]] = {
    # oneself
    Permission.SESSION: _MEMBERS | {_GUEST},
    Permission.PROFILE: _MEMBERS,
    Permission.CREDENTIALS: _MEMBERS,
    Permission.STEP_UP: _STAFF,
    Permission.OWN_ACCOUNT: _roles(_PATIENT),
    Permission.ACT_FOR: _roles(_PATIENT),
    Permission.LIVE: _MEMBERS | {_GUEST},
    # intake
    Permission.INTAKE_WRITE: _roles(_PATIENT),
    # visits
    Permission.SLOT_READ: _CARE_TEAM_AND_PATIENT,
    Permission.SLOT_MANAGE: _roles(_CLINICIAN, _COORDINATOR, _ADMIN),
    Permission.VISIT_REQUEST: _roles(_PATIENT),
    Permission.VISIT_BOOK: _roles(_PATIENT, _COORDINATOR),
    Permission.VISIT_READ: _CARE_TEAM_AND_PATIENT,
    Permission.VISIT_WAIT: _roles(_PATIENT),
    Permission.VISIT_JOIN: _roles(_PATIENT, _CLINICIAN),
    # Who else is in the visit: asked in by the clinician, and agreed to by the patient.
    Permission.VISIT_INVITE: _roles(_CLINICIAN),
    Permission.VISIT_AGREE: _roles(_PATIENT),
    Permission.VISIT_ADMIT: _roles(_CLINICIAN),
    Permission.VISIT_PHONE: _CARE_TEAM,
    Permission.VISIT_PUT_BACK: _CARE_TEAM,
    Permission.VISIT_FINISH: _roles(_CLINICIAN),
    Permission.VISIT_CANCEL: _CARE_TEAM_AND_PATIENT,
    # How calls went: visits by their ids, times and roles, never whose.
    Permission.CALL_SUPPORT: _roles(_COORDINATOR, _ADMIN),
    Permission.QUEUE_READ: _CARE_TEAM,
    # One's own place in the one visit that one was asked into, and nothing else.
    Permission.GUEST: _roles(_GUEST),
    # the chart
    Permission.PATIENT_READ: _CARE_TEAM,
    # Who takes the calls, and may see a patient's particulars. An administrator may not, a clinician need not.
    Permission.PATIENT_ACCOUNT: _roles(_COORDINATOR),
    # How to reach a patient is also theirs to change; what others know them by, staff have seen on a card.
    Permission.CONTACT_READ: _CARE_TEAM_AND_PATIENT,
    Permission.CONTACT_WRITE: _CARE_TEAM_AND_PATIENT,
    Permission.IDENTIFIER_READ: _CARE_TEAM_AND_PATIENT,
    Permission.IDENTIFIER_WRITE: _CARE_TEAM,
    Permission.RELATED_READ: _CARE_TEAM,
    Permission.RELATED_MANAGE: _roles(_COORDINATOR),
    Permission.CHART_READ: _CARE_TEAM,
    Permission.CHART_WRITE: _roles(_CLINICIAN),
    Permission.CHART_OPEN: _CARE_TEAM,
    Permission.NOTE_READ: _CARE_TEAM,
    Permission.NOTE_WRITE: _roles(_CLINICIAN),
    Permission.NOTE_SIGN: _roles(_CLINICIAN),
    Permission.SUMMARY_READ: _CARE_TEAM_AND_PATIENT,
    Permission.TERMINOLOGY_SEARCH: _CARE_TEAM_AND_PATIENT,
    # prescribing
    Permission.PRESCRIPTION_READ: _CARE_TEAM_AND_PATIENT,
    Permission.PRESCRIPTION_WRITE: _roles(_CLINICIAN),
    Permission.PRESCRIPTION_SIGN: _roles(_CLINICIAN),
    Permission.PHARMACY_READ: _CARE_TEAM_AND_PATIENT,
    # between visits
    Permission.MESSAGE_READ: _CARE_TEAM_AND_PATIENT,
    Permission.MESSAGE_WRITE: _CARE_TEAM_AND_PATIENT,
    Permission.TASK_READ: _CARE_TEAM,
    Permission.TASK_WRITE: _CARE_TEAM,
    # restricted charts: patients ask for it by phone
    Permission.PRIVACY_RESTRICT: _roles(_COORDINATOR, _PRIVACY),
    Permission.PRIVACY_REVIEW: _roles(_PRIVACY),
    # the patient's own record
    Permission.RECORD_OWN: _roles(_PATIENT),
    Permission.RECORD_ACCESSES: _roles(_PATIENT),
    Permission.RELATED_END: _roles(_PATIENT),
    # the clinic itself: an administrator sees no chart
    Permission.STAFF_CONFIRM: _roles(_CLINICIAN, _ADMIN),
    Permission.ADMIN_PEOPLE: _roles(_ADMIN),
    Permission.ADMIN_CLINIC: _roles(_ADMIN),
    Permission.ADMIN_AUDIT: _roles(_ADMIN),
    Permission.ADMIN_WORK: _roles(_ADMIN),
}


SIGNS_NOTES = frozenset({Permission.NOTE_SIGN, Permission.VISIT_FINISH})
"""What puts a name under a note. Its writes want a second factor that was shown within the clinic's time for notes."""

PRESCRIBES = frozenset({Permission.PRESCRIPTION_SIGN})
"""What puts a name under a prescription. Its writes want a second factor that was shown just now."""

ADMINISTERS = frozenset(each for each in Permission if each.startswith(("admin.", "staff."))) | {
    Permission.PATIENT_ACCOUNT,
    Permission.RELATED_MANAGE,
    Permission.PRIVACY_RESTRICT,
}
"""Whoever holds one of these can change who somebody is. Their writes want a second factor that was shown just now."""


ABOUT_ACCOUNT = frozenset(
    {
        Permission.SESSION,
        Permission.PROFILE,
        Permission.CREDENTIALS,
        Permission.OWN_ACCOUNT,
        Permission.LIVE,
        Permission.ACT_FOR,
    }
)
"""What somebody may do with their own account, whoever they act for, and before they said for whom."""

_SCHEDULING = frozenset(
    {Permission.SLOT_READ, Permission.VISIT_BOOK, Permission.VISIT_READ, Permission.VISIT_CANCEL}
)
_MESSAGES = frozenset({Permission.MESSAGE_READ, Permission.MESSAGE_WRITE})
OF_SCOPE: Mapping[str, frozenset[Permission] | None] = {
    "full": None,
    "scheduling": ABOUT_ACCOUNT | _SCHEDULING,
    "messages": ABOUT_ACCOUNT | _MESSAGES,
}
"""What a relation's scope leaves of a patient's permissions (`identity.related`); None is all of them."""


def held_by(roles: Iterable[Role], keeps: Collection[str] | None = None) -> list[Permission]:
    """Every permission that these roles give and a relation keeps, in the order of the table (the web hides what is
    not in it)."""
    held = frozenset(roles)
    given = (permission for permission, granted in GRANTS.items() if granted & held)
    return [each for each in given if keeps is None or each in keeps]
