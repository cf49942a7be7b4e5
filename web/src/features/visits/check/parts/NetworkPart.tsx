import { IconWifi } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { NetworkFacts, Step } from '@/lib/check/probe';
import { type Grade, gradeOf } from '@/lib/check/verdict';
import classes from '../Check.module.css';
import type { Check } from '../useCheck';
import { type How, Part } from './Part';

const STEPS: readonly Step[] = ['path', 'echo', 'up', 'down'];
const WORST: Record<Grade, How> = { good: 'ok', fair: 'ok', poor: 'warn', bad: 'bad' };

/** Whether a way out was found, and how good it is, figure by figure. */
export function NetworkPart({ check: { network, step } }: { check: Check }) {
  const t = useTranslations('visits/check.network');
  const how = network ? howOf(network) : 'wait';
  const says = network
    ? t(`says.${network.network === 'found' ? how : network.network}`)
    : t(`steps.${step}`);
  return (
    <Part icon={<IconWifi aria-hidden />} name={t('name')} how={how} says={says}>
      {!network && (
        <progress
          className={classes.progress}
          max={STEPS.length}
          value={STEPS.indexOf(step) + 0.5}
          aria-label={t('progress')}
        />
      )}
      {network?.network === 'found' && <Figures network={network} />}
      {network && how !== 'ok' && <p className={classes.help}>{t(`help.${adviceOf(network)}`)}</p>}
    </Part>
  );
}

function howOf(network: NetworkFacts): How {
  if (network.network === 'no_path') return 'bad';
  if (network.network === 'unmeasured') return 'warn';
  const grades = figuresOf(network).map(({ grade }) => WORST[grade]);
  return grades.includes('bad') ? 'bad' : grades.includes('warn') ? 'warn' : 'ok';
}

/** What helps most: with no path nothing else counts, and losses and delays come of the same causes. */
function adviceOf(network: NetworkFacts): 'no_path' | 'unmeasured' | 'uneven' | 'slow' {
  if (network.network !== 'found') return network.network;
  const worst = figuresOf(network).filter(({ grade }) => grade === 'poor' || grade === 'bad');
  return worst.every(({ name }) => name === 'up_kbps' || name === 'down_kbps') ? 'slow' : 'uneven';
}

const NAMES = ['round_trip_ms', 'jitter_ms', 'loss', 'up_kbps', 'down_kbps'] as const;

function figuresOf(network: NetworkFacts) {
  return NAMES.flatMap((name) => {
    const value = network[name];
    return value == null ? [] : [{ name, value, grade: gradeOf(name, value) }];
  });
}

/** As people read it: loss in percent, rates in Mbit/s, each with one digit after the point at most. */
function shown(name: (typeof NAMES)[number], value: number): number {
  const scaled = name === 'loss' ? value * 100 : name.endsWith('kbps') ? value / 1000 : value;
  return Math.round(scaled * 10) / 10;
}

function Figures({ network }: { network: NetworkFacts }) {
  const t = useTranslations('visits/check.network');
  return (
    <dl className={classes.figures}>
      {network.path && (
        <div>
          <dt>{t('path.name')}</dt>
          <dd>
            {t(`path.${network.path}`, { transport: (network.transport ?? '').toUpperCase() })}
          </dd>
        </div>
      )}
      {figuresOf(network).map(({ name, value, grade }) => (
        <div key={name} data-grade={grade}>
          <dt>{t(`figures.${name}`)}</dt>
          <dd>
            {t(`values.${name}`, { value: shown(name, value) })}
            <span className={classes.grade}>{t(`grades.${grade}`)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
