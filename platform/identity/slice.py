"""What identity registers."""

from core.slices import Slice
from identity import tasks
from identity.admin import routes as routes_admin
from identity.clinic import routes_public as routes_clinic
from identity.clinic.holidays import routes as routes_holidays
from identity.patient_account import routes_own
from identity.patient_account import routes_staff as routes_patient_accounts
from identity.patient_account.new_device import routes
from identity.person import routes as routes_me
from identity.privacy import routes as routes_privacy
from identity.related import routes_own as routes_acting
from identity.related import routes_staff as routes_related
from identity.related import tasks as tasks_related
from identity.sessions import routes as routes_session
from identity.staff import routes as routes_staff
from identity.staff import routes_second_person

SLICE = Slice(
    name="identity",
    routes=[
        *routes_holidays.ROUTES,
        *routes_privacy.ROUTES,
        *routes_acting.ROUTES,
        *routes_related.ROUTES,
        routes_session.get_session,
        routes_session.keep_session_alive,
        routes_session.end_session,
        routes_session.end_all_sessions,
        routes_session.list_sessions,
        routes_session.end_one_session,
        routes_session.step_up,
        routes_session.step_up_options,
        routes_session.step_up_by_passkey,
        routes_clinic.clinic_page,
        routes_clinic.ask_code,
        routes_clinic.check_code,
        routes_clinic.check_link,
        routes_clinic.register_patient,
        routes.identify,
        routes.ask_other_contact,
        routes.check_other_contact,
        routes_own.list_known_devices,
        routes_own.forget_known_device,
        routes_own.list_security_events,
        routes_own.security_events_were_mine,
        routes_own.security_events_were_not_mine,
        routes_own.ask_step_up_code,
        routes_own.check_step_up_code,
        routes_patient_accounts.get_patient_account,
        routes_patient_accounts.disable_patient_account,
        routes_patient_accounts.enable_patient_account,
        routes_patient_accounts.correct_patient_contact,
        routes_patient_accounts.confirm_patient_contact,
        routes_patient_accounts.correct_patient_person,
        routes_patient_accounts.let_patient_in,
        routes_staff.staff_password,
        routes_staff.staff_totp,
        routes_staff.staff_recovery,
        routes_staff.start_enrolment,
        routes_staff.confirm_enrolment,
        routes_staff.enrolment_passkey_options,
        routes_staff.enrol_passkey,
        routes_staff.forgot_password,
        routes_staff.open_invite,
        routes_staff.accept_invite,
        routes_staff.passkey_options,
        routes_staff.passkey_sign_in,
        routes_me.get_profile,
        routes_me.change_profile,
        routes_me.ask_new_contact,
        routes_me.take_new_contact,
        routes_me.change_password,
        routes_me.start_authenticator,
        routes_me.confirm_authenticator,
        routes_me.make_recovery_codes,
        routes_me.list_passkeys,
        routes_me.new_passkey_options,
        routes_me.add_passkey,
        routes_me.rename_passkey,
        routes_me.remove_passkey,
        routes_second_person.list_confirmations,
        routes_second_person.confirm_changes,
        routes_second_person.freeze_colleague,
        routes_second_person.open_freeze_link,
        routes_second_person.freeze_by_link,
        routes_admin.list_people,
        routes_admin.invite_person,
        routes_admin.get_person,
        routes_admin.change_person,
        routes_admin.disable_person,
        routes_admin.enable_person,
        routes_admin.invite_person_again,
        routes_admin.reset_person_second_factor,
        routes_admin.get_clinic_settings,
        routes_admin.change_clinic_settings,
        routes_admin.list_consent_texts,
        routes_admin.publish_consent_text,
        routes_admin.list_alerts,
        routes_admin.search_audit,
        routes_admin.export_audit,
        routes_admin.get_audit_entry,
    ],
    subscribers=tasks.SUBSCRIBERS,
    cron=[*tasks.CRON, *tasks_related.CRON],
)
