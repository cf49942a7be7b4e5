// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const AuditPage = () => import('./audit/AuditPage');
export const ClinicPage = () => import('./clinic/ClinicPage');
export const ConfirmationsPage = () => import('./people/ConfirmationsPage');
export const LocationsPage = () => import('./locations/LocationsPage');
export const PeoplePage = () => import('./people/PeoplePage');
export const PrivacyPage = () => import('./privacy/PrivacyPage');
export const StuckWorkPage = () => import('./stuckWork/StuckWorkPage');
