import { useTranslations } from 'use-intl';
import { useOutbox } from '@/lib/outbox/device';
import { isRedFlag } from '@/lib/outbox/messages';

/** Whether the clinic knows of the dangers to which the patient said yes, here beside the numbers to call. */
export function TellClinic({ rules }: { rules: readonly string[] }) {
  const t = useTranslations('messaging.told');
  const open = useOutbox().filter(
    ({ item: { letter }, standing }) =>
      isRedFlag(letter) && letter.yes && rules.includes(letter.rule) && standing !== 'sent',
  );
  const refused = open.some(({ standing }) => standing === 'refused');
  const waits = open.some(({ standing }) => standing !== 'sending');
  const state = refused ? 'refused' : waits ? 'waits' : open.length > 0 ? 'telling' : 'told';
  return <p role="status">{t(state)}</p>;
}
