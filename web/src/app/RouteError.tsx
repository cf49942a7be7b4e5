import type { ErrorComponentProps } from '@tanstack/react-router';
import { ApiProblem } from '@/lib/api/problem';
import { isNotLoaded } from '@/lib/routing/notLoaded';
import { ErrorState } from '@/ui/ErrorState';
import { NotFound } from '@/ui/PageState';
import { Crash } from './Crash';
import { NotLoaded } from './NotLoaded';

/** A page that could not be shown: the answer of the API in words, or the crash page. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  if (isNotLoaded(error)) return <NotLoaded />;
  if (!(error instanceof ApiProblem)) return <Crash retry={reset} />;
  return error.status === 404 ? <NotFound /> : <ErrorState error={error} retry={reset} />;
}
