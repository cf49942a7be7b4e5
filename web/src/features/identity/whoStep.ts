import { lazy } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';

/** What comes after the code where this device does not know who it is: it comes only then, with its texts. */
export const WhoStep = lazy(async () => {
  const [page] = await Promise.all([import('./who/WhoStep'), catalogues.load('identity/who')]);
  return page;
});
