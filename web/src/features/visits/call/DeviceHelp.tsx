import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import { browserOf, type DeviceProblem } from '@/lib/call/problems';
import classes from './devices/DeviceCheck.module.css';

export type Shown = readonly [device: 'audio' | 'video' | 'both', problem: DeviceProblem];

interface DeviceHelpProps {
  local: LocalMedia;
  shown: Shown[];
  /** In the call it is said first what the others miss; before it, that one can join all the same. */
  inCall: boolean;
}

/** What is wrong with camera and microphone, and what to do about it in this very browser. */
export default function DeviceHelp({ local, shown, inCall }: DeviceHelpProps) {
  const t = useTranslations('visits/call/devices');
  const check = useTranslations('visits.call.check');
  return (
    <div role="alert" className={classes.problems}>
      {shown.map(([device, problem]) => (
        <div key={device}>
          <strong>{t(problem, { device: t(`devices.${device}`) })}</strong>
          <p>
            {inCall && `${t(`unsent.${device}`)} `}
            <Help problem={problem} />
            {!inCall && (problem === 'missing' || problem === 'unknown') && ` ${t('without')}`}
          </p>
        </div>
      ))}
      <Button variant="default" onClick={() => void local.open()}>
        {check('again')}
      </Button>
    </div>
  );
}

function Help({ problem }: { problem: DeviceProblem }) {
  const t = useTranslations('visits/call/devices');
  const browser = browserOf(navigator.userAgent);
  if (problem === 'denied') return t(`help.denied.${browser}`);
  if (problem === 'in_app') {
    return t('help.in_app', { browser: t(`realBrowser.${browser === 'ios' ? 'ios' : 'other'}`) });
  }
  return t(`help.${problem}`);
}
