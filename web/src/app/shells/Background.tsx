import { useEffect } from 'react';
import { keepFocus } from '@/lib/focus/keepFocus';
import { Outgoing } from './unsent/Outgoing';
import { usePagesAhead } from './usePagesAhead';

/** What goes on behind every page of somebody signed in. Loaded after the page, so that nobody waits for it. */
export default function Background() {
  usePagesAhead();
  useEffect(keepFocus, []);
  return <Outgoing />;
}
