import type { ResponseOf } from '@causeway/core/api';
import { StateTag } from '../../show/state.tsx';

/** A room that is closed is erased: a link that is closed is something else. */
export function RoomState({ status }: Pick<ResponseOf<'room.show'>, 'status'>) {
  return <StateTag state={status === 'closed' ? 'erased' : status} />;
}
