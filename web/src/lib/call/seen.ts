import type { Media, Peer } from './protocol.ts';
import type { CallState } from './state.ts';

/** What of somebody's sound and picture is on its way to us. */
export function seenOf(
  { self, media }: Pick<CallState, 'self' | 'media'>,
  { media: theirs }: Peer,
): Pick<Media, 'camera' | 'microphone'> {
  const paused = theirs.paused_for?.includes(self ?? '');
  return {
    microphone: theirs.microphone,
    camera: theirs.camera && !paused && !media.voice_only,
  };
}
