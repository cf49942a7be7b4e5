// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const InboxPage = () => import('./inbox/InboxPage');
export const MessagesPage = () => import('./MessagesPage');
export const NewThreadPage = () => import('./NewThreadPage');
export const ThreadPage = () => import('./ThreadPage');
