import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ApiProblem } from '@/lib/api/problem';
import { isNotLoaded } from '@/lib/routing/notLoaded';
import { backHere } from '@/lib/session/ending';
import { isLeaving } from '@/lib/session/signOut';
import { ErrorState } from '@/ui/states/ErrorState';
import { NotFound } from '@/ui/states/PageState';
import { Crash } from './Crash';
import { NotLoaded } from './NotLoaded';
import { OpenFrame } from './shells/OpenShell';

/** A page that could not be shown: the answer of the API in words, or the crash page. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (isNotLoaded(error)) return <NotLoaded />;
  if (!(error instanceof ApiProblem)) return <Crash retry={reset} />;
  if (error.status === 404) return <NotFound />;
  // What failed was asked for before the page was drawn: it has to be asked for again.
  return <ErrorState error={error} retry={() => void router.invalidate()} />;
}

/** The same where not even the frame could be shown: nobody could say who is signed in, or nobody is any more. */
export function FrameError(props: ErrorComponentProps) {
  if (props.error instanceof ApiProblem && props.error.status === 401) return <ToTheDoor />;
  if (!(props.error instanceof ApiProblem)) return <RouteError {...props} />;
  return (
    <OpenFrame>
      <RouteError {...props} />
    </OpenFrame>
  );
}

/** The frame, which leads to the door when a session has ended, is gone with it. */
function ToTheDoor() {
  useEffect(() => {
    if (!isLeaving()) window.location.replace(backHere('over'));
  }, []);
  return null;
}
