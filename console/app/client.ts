/** The one client of the node that served this page: the SDK as it is, with the session's cookie. */
import { createClient } from '@causeway/sdk';

export const client = createClient({ url: '' });
