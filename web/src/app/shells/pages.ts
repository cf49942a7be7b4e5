// Where the code of each frame is: kept apart, so that a patient on the way to the call does not load the list.
export const PatientShell = () => import('./PatientShell');
export const StaffShell = () => import('./StaffShell');
