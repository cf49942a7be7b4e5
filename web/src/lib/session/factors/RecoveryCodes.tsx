import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { showToast } from '@/ui/toasts/toast';
import classes from './RecoveryCodes.module.css';

interface RecoveryCodesProps {
  codes: readonly string[];
  onKept: () => void;
}

/** The codes for a lost phone, shown this once. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const t = useTranslations('profile/authenticator');
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'));
    showToast({ text: t('copied') });
  };
  return (
    <Stack>
      <Text>{t('recoveryLead')}</Text>
      <ul className={classes.codes} aria-label={t('recoveryCodes')}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <Button onClick={onKept}>{t('kept')}</Button>
        {'clipboard' in navigator && (
          <Button variant="default" onClick={() => void copy()}>
            {t('copy')}
          </Button>
        )}
        <Button variant="default" onClick={() => window.print()}>
          {t('print')}
        </Button>
      </Group>
    </Stack>
  );
}
