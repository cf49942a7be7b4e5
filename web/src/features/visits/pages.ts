// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const BookPage = () => import('./booking/BookPage');
export const ConnectionPage = () => import('./support/ConnectionPage');
export const HealthPage = () => import('./support/HealthPage');
export const HoursPage = () => import('./hours/HoursPage');
export const QueuePage = () => import('./queue/QueuePage');
export const ReschedulePage = () => import('./booking/ReschedulePage');
