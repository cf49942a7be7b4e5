import { lazy, Suspense, useEffect } from 'react';
import type { LocalMedia } from '@/lib/call/devices';
import { catalogues } from '@/lib/i18n/catalogues';
import { arriving } from '@/lib/routing/notLoaded';
import type { Shown } from '../DeviceHelp';
import { useStore } from '../useStore';

/** Most people need no help with their devices, so it comes when it is needed, with its texts. */
const help = arriving(async () => {
  const [found] = await Promise.all([
    import('../DeviceHelp'),
    catalogues.load('visits/call/devices'),
  ]);
  return found;
});
const DeviceHelp = lazy(help);

/** What is wrong with camera and microphone, where something is. */
export function DeviceProblems({ local, inCall = false }: { local: LocalMedia; inCall?: boolean }) {
  const { audio, video, asking } = useStore(local);
  // In a call it may be needed while the network is away.
  useEffect(() => {
    if (inCall) void help().catch(() => undefined);
  }, [inCall]);
  // Nobody misses what is switched off.
  const hears = audio.on && audio.problem;
  const sees = video.on && video.problem;
  const shown: Shown[] = [];
  if (hears && hears === sees) shown.push(['both', hears]);
  else {
    if (hears) shown.push(['audio', hears]);
    if (sees) shown.push(['video', sees]);
  }
  if (shown.length === 0 || asking) return null;
  return (
    <Suspense>
      <DeviceHelp local={local} shown={shown} inCall={inCall} />
    </Suspense>
  );
}
