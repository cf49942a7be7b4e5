import { useEffect } from 'react';

/** Names the page in the browser's tab. Never a patient's name: titles end up in histories. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Carethread`;
  }, [title]);
}
