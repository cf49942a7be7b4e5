// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const BookForPage = () => import('./BookForPage');
export const MessagePage = () => import('./MessagePage');
export const TaskPage = () => import('./TaskPage');
