import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { draft } from '../sample';
import { useDraft } from './useDraft';

interface Sent {
  version: number;
  refills: number;
}
type Reply = (body: Sent) => unknown;

const saved: Reply = (body) => ({
  ...draft,
  version: body.version + 1,
  line: { ...draft.line, refills: body.refills },
});
const refused: Reply = () => {
  throw new ApiProblem(422, 'invalid', [{ path: 'refills', code: 'refills_out_of_range' }]);
};
const gone: Reply = () => {
  throw new ApiProblem(0, 'unreachable');
};

/** The editor of a draft whose saves are answered in order; what was sent. */
function setUp(...replies: Reply[]) {
  const sent: Sent[] = [];
  vi.spyOn(api, 'PUT').mockImplementation((async (_path: string, { body }: { body: Sent }) => {
    sent.push(body);
    return { data: (replies.shift() ?? saved)(body) };
  }) as never);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
  );
  const { result, unmount } = renderHook(() => useDraft(draft), { wrapper });
  return { sent, editor: result, close: unmount };
}

afterEach(() => vi.restoreAllMocks());

describe('useDraft', () => {
  it('saves the last of several quick changes, on the version that the one before gave', async () => {
    const { sent, editor } = setUp();
    act(() => editor.current.change({ refills: 1 }));
    act(() => editor.current.change({ refills: 2 }));
    expect(editor.current.settled).toBe(false);
    await waitFor(() => expect(editor.current.settled).toBe(true));
    act(() => editor.current.change({ refills: 3 }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent.map(({ version, refills }) => [version, refills])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it('sends what was written last when the editor is closed at once, also behind a save under way', async () => {
    const { sent, editor, close } = setUp();
    act(() => editor.current.change({ refills: 1 }));
    await waitFor(() => expect(sent).toHaveLength(1));
    act(() => editor.current.change({ refills: 2 }));
    close();
    await waitFor(() => expect(sent.map(({ refills }) => refills)).toEqual([1, 2]));
  });

  it('keeps what was refused on screen with the reason beside its field', async () => {
    const { sent, editor } = setUp(refused);
    act(() => editor.current.change({ refills: 99 }));
    await waitFor(() => expect(editor.current.error('refills')).toBe('refills_out_of_range'));
    expect(editor.current.form.refills).toBe(99);
    expect(editor.current.settled).toBe(false);
    act(() => editor.current.change({ refills: 5 }));
    await waitFor(() => expect(editor.current.settled).toBe(true));
    expect(editor.current.error('refills')).toBeNull();
    expect(sent).toHaveLength(2);
  });

  it('sends again by itself what got no answer', async () => {
    const { sent, editor } = setUp(gone);
    act(() => editor.current.change({ refills: 1 }));
    await waitFor(() => expect(editor.current.problem?.code).toBe('unreachable'));
    await waitFor(() => expect(editor.current.settled).toBe(true));
    expect(sent.map(({ refills }) => refills)).toEqual([1, 1]);
    expect(editor.current.problem).toBeNull();
  });
});
