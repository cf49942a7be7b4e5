import { catalogues } from '@/lib/i18n/catalogues';

// Where the code of each page is: kept apart, so that a patient on the way to the call does not load the list.
export const BookPage = () => import('./booking/BookPage');
export const CheckPage = () => import('./check/CheckPage');
export const ConnectionPage = () => import('./support/ConnectionPage');
export const GuestPage = () => import('./guest/GuestPage');
export const HealthPage = () => import('./support/HealthPage');
export const HoursPage = () => import('./hours/HoursPage');
export const QueuePage = () => import('./queue/QueuePage');
export const ReadySign = async () => {
  const [sign] = await Promise.all([import('./check/ReadySign'), catalogues.load('visits/check')]);
  return sign;
};
export const ReschedulePage = () => import('./booking/ReschedulePage');
