import { lazy, Suspense } from 'react';
import type { LocalMedia } from '@/lib/call/devices';

const DevicePickers = lazy(async () => ({
  default: (await import('./DevicePickers')).DevicePickers,
}));

/** The choice of devices, loaded when somebody wants to choose. */
export function Devices({ local }: { local: LocalMedia }) {
  return (
    <Suspense fallback={null}>
      <DevicePickers local={local} />
    </Suspense>
  );
}
