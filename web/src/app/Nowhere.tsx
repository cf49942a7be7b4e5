import { NotFound } from '@/ui/PageState';
import { OpenFrame } from './shells/OpenShell';

/** An address that no page has. */
export function Nowhere() {
  return (
    <OpenFrame>
      <NotFound />
    </OpenFrame>
  );
}
