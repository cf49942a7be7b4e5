import { Alert } from '@mantine/core';
import { IconShieldHalf } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useSession } from '../session';

/** Whether this person signs: not while a second person has to confirm a change to their account. */
export const useMaySign = (): boolean => useWaits().length === 0;

const useWaits = (): readonly string[] => useSession()?.waits_for ?? [];

/** Why nothing is signed with this account now, and what ends it. Nothing is drawn while all is well. */
export function SigningOff() {
  const t = useTranslations('admin/signing');
  const what = useChanges(useWaits());
  const signs = useSession()?.roles.includes('clinician') ?? false;
  if (!what) return null;
  return (
    <Alert
      color="ochre"
      mb="xs"
      role="note"
      icon={<IconShieldHalf aria-hidden />}
      title={t(signs ? 'title' : 'titleAdmin')}
    >
      {t(signs ? 'why' : 'whyAdmin', { what })} {t(signs ? 'next' : 'nextAdmin')}
    </Alert>
  );
}

/** The names of changes in one phrase: 'e-mail address and NPI'. Empty when there are none. */
export function useChanges(changes: readonly string[]): string {
  const t = useTranslations('admin/signing.changes');
  const list = useTranslations('admin/signing');
  const names = changes.map((each) => t(each));
  const last = names.pop() ?? '';
  return names.length > 0 ? list('and', { some: names.join(', '), last }) : last;
}
