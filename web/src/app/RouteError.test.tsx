import { render, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { FrameError } from './RouteError';

it('leads to the door when the session ends while the frame is being drawn', async () => {
  localStorage.setItem('carethread.clinic', 'harbor');
  window.history.replaceState(null, '', '/followup?view=mine');
  const gone = vi.spyOn(window.location, 'replace').mockImplementation(() => undefined);
  const { container } = render(
    <FrameError error={new ApiProblem(401, 'signed_out')} reset={() => undefined} />,
  );
  await waitFor(() => expect(gone).toHaveBeenCalledOnce());
  expect(gone.mock.calls[0]?.[0]).toBe('/c/harbor/staff?next=%2Ffollowup%3Fview%3Dmine&ended=over');
  expect(container.textContent).toBe('');
});
