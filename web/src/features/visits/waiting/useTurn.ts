import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { chime } from '@/lib/attention/chime';
import { flashTitle } from '@/lib/attention/titleFlash';
import type { Visit } from '../model';

/** Calls the patient when their turn comes while the page is open: a sound, a buzz, the tab's title. */
export function useTurn(visit: Visit): void {
  const t = useTranslations('visits.turn');
  const before = useRef(visit.status);
  const message = t('flash');
  useEffect(() => {
    const turned = before.current !== 'admitted' && visit.status === 'admitted';
    before.current = visit.status;
    if (!turned) return;
    void chime('turn');
    navigator.vibrate?.([200, 100, 200]);
    return flashTitle(message);
  }, [visit.status, message]);
}
