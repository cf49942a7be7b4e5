import { lazy, Suspense } from 'react';
import type { LocalMedia } from '@/lib/call/devices';
import { catalogues } from '@/lib/i18n/catalogues';
import { arriving } from '@/lib/routing/notLoaded';
import type { Shown } from '../DeviceHelp';
import { useStore } from '../useStore';

/** Most people need no help with their devices, so it comes when it is needed, with its texts. */
const DeviceHelp = lazy(
  arriving(async () => {
    const [help] = await Promise.all([import('../DeviceHelp'), catalogues.load('visits/call')]);
    return help;
  }),
);

/** What is wrong with camera and microphone, where something is. */
export function DeviceProblems({ local }: { local: LocalMedia }) {
  const { audio, video, asking } = useStore(local);
  const shown: Shown[] = [];
  if (audio.problem && audio.problem === video.problem) shown.push(['both', audio.problem]);
  else {
    if (audio.problem) shown.push(['audio', audio.problem]);
    if (video.problem) shown.push(['video', video.problem]);
  }
  if (shown.length === 0 || asking) return null;
  return (
    <Suspense>
      <DeviceHelp local={local} shown={shown} />
    </Suspense>
  );
}
