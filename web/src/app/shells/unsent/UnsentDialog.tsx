import { Button, Modal, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Unsent } from '@/lib/session/signOut';

export interface UnsentDialogProps {
  count: number;
  onChosen: (unsent: Unsent | null) => void;
}

/** Asks whoever signs out what becomes of what has not reached the clinic. Loaded only when it is needed. */
export default function UnsentDialog({ count, onChosen }: UnsentDialogProps) {
  const t = useTranslations('messaging/outbox.leave');
  return (
    <Modal opened onClose={() => onChosen(null)} title={t('title')} withCloseButton={false}>
      <Stack>
        <Text>{t('body', { count })}</Text>
        <Button onClick={() => onChosen('keep')} data-autofocus>
          {t('keep')}
        </Button>
        <Button variant="default" onClick={() => onChosen(null)}>
          {t('stay')}
        </Button>
        <Button variant="subtle" color="red" onClick={() => onChosen('discard')}>
          {t('discard')}
        </Button>
      </Stack>
    </Modal>
  );
}
