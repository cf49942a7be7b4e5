import type { Messages } from './messages';

/** The catalogues of everything else, whose names a patient on the way to the call does not load. */
export const far = import.meta.glob<{ default: Messages }>([
  '../../features/*/messages/*.json',
  '../../features/*/*/messages/*.json',
  '../../features/*/*/*/messages/*.json',
  '!../../features/{identity,intake,visits}/messages/*.json',
  '!../../features/intake/start/messages/*.json',
]);
