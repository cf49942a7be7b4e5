import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { LinkButton } from '@/ui/links/LinkButton';
import type { Waiting } from '../../model';
import classes from '../Waiting.module.css';
import { SoundCheck } from './SoundCheck';

/** Only for those who have checked. */
const ReadySign = lazy<ComponentType<{ check: NonNullable<Waiting['check']> }>>(() =>
  import('../../pages').then(({ ReadySign }) => ReadySign()).catch(() => ({ default: () => null })),
);

/** What one can do while waiting: hear the sound, check devices and network; and what the last check said. */
export function GettingReady({ waiting: { visit, check } }: { waiting: Waiting }) {
  const t = useTranslations('visits.waiting');
  return (
    <div className={classes.ready}>
      <h2 className={classes.subtitle}>{t('getReady')}</h2>
      <p className={classes.quiet}>{t('getReadyHint')}</p>
      {check && (
        <Suspense>
          <ReadySign check={check} />
        </Suspense>
      )}
      <div className={classes.buttons}>
        <LinkButton to="/visit/$visitId/check" params={{ visitId: visit.id }} variant="default">
          {t('check')}
        </LinkButton>
        <SoundCheck />
      </div>
    </div>
  );
}
