import { useTranslations } from 'use-intl';
import type { Quality } from '@/lib/call/watching/quality';
import classes from './Stage.module.css';

const BARS: Readonly<Record<Exclude<Quality, 'unknown'>, number>> = {
  good: 3,
  fair: 2,
  poor: 1,
  none: 0,
};

/** How well they arrive: three bars and a word. */
export function QualitySign({ quality, name }: { quality: Quality; name: string }) {
  const t = useTranslations('visits/call.quality');
  if (quality === 'unknown') return null;
  const word = t(quality);
  return (
    <div
      className={classes.quality}
      data-quality={quality}
      role="img"
      aria-label={t('label', { name, quality: word })}
    >
      {[1, 2, 3].map((bar) => (
        <span key={bar} data-on={bar <= BARS[quality]} />
      ))}
      <span className={classes.word}>{word}</span>
    </div>
  );
}
