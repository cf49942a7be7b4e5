import { Button } from '@mantine/core';
import { IconDoorExit } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { quickExit } from '@/lib/session/quickExit';
import classes from './Help.module.css';

/** For whoever may be watched: away from here with one tap, with nothing left behind. */
export function QuickExit() {
  const t = useTranslations('help');
  const queries = useQueryClient();
  return (
    <div className={classes.exit}>
      <Button
        color="dark"
        leftSection={<IconDoorExit size={20} aria-hidden />}
        onClick={() => quickExit(queries)}
      >
        {t('exit')}
      </Button>
      <p>{t('exitHint')}</p>
    </div>
  );
}
