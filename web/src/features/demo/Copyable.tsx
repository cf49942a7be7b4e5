import { CopyButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import classes from './Copyable.module.css';

interface CopyableProps {
  value: string;
  /** Figures to type: wider, so that they can be read off. */
  code?: boolean;
}

/** Something that is copied by pressing it. */
export function Copyable({ value, code = false }: CopyableProps) {
  const t = useTranslations('demo');
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <button type="button" className={classes.copyable} data-code={code} onClick={copy}>
          <span className={classes.value}>{value}</span>
          {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          <span className="visually-hidden" aria-live="polite">
            {t(copied ? 'copied' : 'copy')}
          </span>
        </button>
      )}
    </CopyButton>
  );
}
