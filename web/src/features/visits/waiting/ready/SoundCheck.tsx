import { Button } from '@mantine/core';
import { IconBell, IconBellRinging, IconVolumeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { chime } from '@/lib/attention/chime';

type Heard = 'untried' | 'played' | 'silent';

/** Plays the sound of one's turn; pressing it is also what allows the page to make sounds later. */
export function SoundCheck() {
  const t = useTranslations('visits.sound');
  const [heard, setHeard] = useState<Heard>('untried');
  const icons = { untried: IconBell, played: IconBellRinging, silent: IconVolumeOff };
  const Icon = icons[heard];
  return (
    <>
      <Button
        variant="default"
        leftSection={<Icon size={20} aria-hidden />}
        onClick={async () => setHeard((await chime('turn')) ? 'played' : 'silent')}
      >
        {t('try')}
      </Button>
      <span role="status" className="visually-hidden">
        {heard !== 'untried' && t(heard)}
      </span>
    </>
  );
}
