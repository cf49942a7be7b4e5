import { createRoute } from '@tanstack/react-router';
import { patientRoute, staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const messages = createRoute({
  getParentRoute: () => patientRoute,
  path: '/messages',
  ...page(['messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ MessagesPage }) => MessagesPage()),
  ),
});

const newThread = createRoute({
  getParentRoute: () => patientRoute,
  path: '/messages/new',
  ...page(['messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ NewThreadPage }) => NewThreadPage()),
  ),
});

const thread = createRoute({
  getParentRoute: () => patientRoute,
  path: '/messages/$threadId',
  ...page(['messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ ThreadPage }) => ThreadPage()),
  ),
});

const inbox = createRoute({
  getParentRoute: () => staffRoute,
  path: '/inbox',
  ...page(['messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ InboxPage }) => InboxPage()),
  ),
});

const inboxThread = createRoute({
  getParentRoute: () => staffRoute,
  path: '/inbox/$threadId',
  ...page(['messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ InboxPage }) => InboxPage()),
  ),
});

export const patient = [messages, newThread, thread];
export const staff = [inbox, inboxThread];
