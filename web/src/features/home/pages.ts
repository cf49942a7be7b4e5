// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const AccessPage = () => import('./access/AccessPage');
export const HomePage = () => import('./HomePage');
export const RecordPage = () => import('./ownRecord/RecordPage');
export const StartPage = () => import('./StartPage');
export const VisitsPage = () => import('./VisitsPage');
