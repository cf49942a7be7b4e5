import type { Peer } from '@/lib/call/protocol';
import type { CallState } from '@/lib/call/state';

export interface Word {
  readonly what: 'mine' | 'theirs' | 'paused' | 'theirsPaused';
  /** Of whom it is said; nobody's id where it is of oneself. */
  readonly id: string;
  readonly role: Peer['role'] | null;
}

/** What there is to say of pictures that are missing on purpose. */
export function wordsOf({ media, self, peers }: CallState): Word[] {
  const others = Object.values(peers).map(({ peer }) => peer);
  const about = (what: Word['what'], { participant_id: id, role }: Peer): Word => ({
    what,
    id,
    role,
  });
  const mine: Word[] = [];
  if (media.voice_only) mine.push({ what: 'mine', id: '', role: null });
  const held = others.some(({ participant_id: id, media: theirs }) => {
    return !!media.paused_for?.includes(id) && !theirs.voice_only;
  });
  if (held && media.camera) mine.push({ what: 'paused', id: '', role: null });
  return [
    ...mine,
    ...others.filter((peer) => peer.media.voice_only).map((peer) => about('theirs', peer)),
    ...others
      .filter((peer) => isPaused(peer, self) && !media.voice_only)
      .map((peer) => about('theirsPaused', peer)),
  ];
}

function isPaused({ media }: Peer, self: string | null): boolean {
  return media.camera && !!media.paused_for?.includes(self ?? '');
}
