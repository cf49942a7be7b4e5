import { NotFound } from './NotFound';
import { OpenFrame } from './shells/OpenShell';

/** An address that no page has. */
export function Nowhere() {
  return (
    <OpenFrame>
      <NotFound />
    </OpenFrame>
  );
}
