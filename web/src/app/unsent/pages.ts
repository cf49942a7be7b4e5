// Where the code of the page is: kept apart, so that a patient on the way to the call does not load the list.
export const UnsentPage = () => import('./UnsentPage');
