import { IconPhoneCall, IconVideo, IconVolume } from '@tabler/icons-react';
import type { Verdict } from '@/lib/check/verdict';

const ICONS = { video: IconVideo, voice: IconVolume, none: IconPhoneCall };

/** What a call will be: seen and heard, heard, or by telephone. The words stand beside it. */
export function VerdictIcon({ verdict, size }: { verdict: Verdict; size: number }) {
  const Icon = ICONS[verdict];
  return <Icon size={size} aria-hidden />;
}
