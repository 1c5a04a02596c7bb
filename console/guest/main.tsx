/**
 * The page of a guest: somebody whom an organisation has sent a link. It is no screen of the console: it has no shell, signs nobody in, and
 * asks the node for nothing but its own visit.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Dressed } from '../app/dressed.tsx';
import { preferences } from '../app/preferences.ts';
import { carryStyleNonce } from '../app/style-nonce.ts';
import { startWords } from '../words/index.ts';
import { GuestPage } from './page/guest-page.tsx';
import '../console.css';
import './guest.css';

carryStyleNonce(document);
startWords(preferences().language);

const fragment = location.hash;
// Whoever looks over a shoulder, or at the history, finds no secret.
history.replaceState(null, '', location.pathname);

createRoot(document.getElementById('guest')!).render(
  <StrictMode>
    <Dressed>
      <GuestPage fragment={fragment} />
    </Dressed>
  </StrictMode>,
);
