import { createContext, type ReactNode, useEffect, useRef, useState } from 'react';
import { LiveStream } from './stream';

export const LiveContext = createContext<LiveStream | null>(null);

interface LiveProviderProps {
  /** The newest message when the session was fetched, which is before anything else of the page. */
  after: number;
  children: ReactNode;
}

/** Opens the live stream for the signed-in person; it closes when they leave or sign out. */
export function LiveProvider({ after, children }: LiveProviderProps) {
  const from = useRef(after);
  const [stream, setStream] = useState<LiveStream | null>(null);
  useEffect(() => {
    const opened = new LiveStream('/api/live', from.current);
    opened.start();
    setStream(opened);
    return () => opened.stop();
  }, []);
  return <LiveContext value={stream}>{children}</LiveContext>;
}
