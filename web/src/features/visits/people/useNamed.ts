import { useEffect, useEffectEvent } from 'react';
import { useTranslations } from 'use-intl';
import type { Guest, Names } from './people';

/** 'Ines Ortiz (interpreter)'. */
export function useNamed(): (guest: Pick<Guest, 'name' | 'kind'>) => string {
  const t = useTranslations('visits/people');
  return ({ name, kind }) => {
    const what = t(`kinds.${kind}`);
    return name ? t('named', { name, kind: what }) : what;
  };
}

/** Tells the call what each guest is called, as the platform says it. */
export function useNames(guests: readonly Guest[], onNames: (names: Names) => void): void {
  const named = useNamed();
  const pairs = guests.flatMap((guest) =>
    guest.account_id ? [[guest.account_id, named(guest)] as const] : [],
  );
  const tell = useEffectEvent(() => onNames(Object.fromEntries(pairs)));
  const key = pairs.map((pair) => pair.join('\n')).join('\n\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: told again when what is told has changed
  useEffect(() => tell(), [key]);
}
