import { createContext, type ReactNode, useEffect, useState } from 'react';
import { LiveStream } from './stream';

export const LiveContext = createContext<LiveStream | null>(null);

/** Opens the live stream for the signed-in person; it closes when they leave or sign out. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [stream, setStream] = useState<LiveStream | null>(null);
  useEffect(() => {
    const opened = new LiveStream('/api/live');
    opened.start();
    setStream(opened);
    return () => opened.stop();
  }, []);
  return <LiveContext value={stream}>{children}</LiveContext>;
}
