// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const AuditPage = () => import('./AuditPage');
export const ClinicPage = () => import('./ClinicPage');
export const ConfirmationsPage = () => import('./ConfirmationsPage');
export const PeoplePage = () => import('./PeoplePage');
export const PrivacyPage = () => import('./privacy/PrivacyPage');
export const StuckWorkPage = () => import('./stuckWork/StuckWorkPage');
