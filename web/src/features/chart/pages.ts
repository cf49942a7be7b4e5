// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const PatientPage = () => import('./PatientPage');
export const PatientsPage = () => import('./PatientsPage');
export const VisitSummaryPage = () => import('./VisitSummaryPage');
