import { Button } from '@mantine/core';
import { IconMessage, IconPhone } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { dialLink, readablePhone } from '@/lib/phone';
import classes from './Help.module.css';

interface HelpLinesProps {
  flags: readonly { level: string; line: string }[];
  numbers: components['schemas']['HelpNumbers'];
}

/** In which order the lines stand; the one for everything comes last, unless there is no other. */
const LINES = ['crisis', 'poison', 'violence', 'assault'] as const;

/** Whom to call: the lines that the flags name and that there are where the patient is, and the emergency number. */
export function HelpLines({ flags, numbers }: HelpLinesProps) {
  const t = useTranslations('help');
  const danger = flags.some((flag) => flag.level === 'emergency') ? { color: 'red' } : {};
  const lines = LINES.filter((line) => numbers[line] && flags.some((flag) => flag.line === line));
  return (
    <div className={classes.calls}>
      {[...lines, 'emergency' as const].map((line, place) => (
        <Button
          key={line}
          component="a"
          href={dialLink(numbers[line])}
          size="lg"
          fullWidth
          h="auto"
          mih="3.25rem"
          {...danger}
          variant={place === 0 ? 'filled' : 'outline'}
          leftSection={<IconPhone size={22} aria-hidden />}
          classNames={{ label: classes.line ?? '' }}
        >
          {t(`line.${line}`, { number: readablePhone(numbers[line]) })}
        </Button>
      ))}
      {lines.includes('crisis') && numbers.crisis === '988' && (
        <Button
          component="a"
          href={`sms:${numbers.crisis}`}
          variant="outline"
          {...danger}
          size="lg"
          fullWidth
          leftSection={<IconMessage size={22} aria-hidden />}
        >
          {t('text', { number: numbers.crisis })}
        </Button>
      )}
    </div>
  );
}
