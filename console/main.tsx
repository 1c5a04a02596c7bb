/** The console's page: words, theme, queries and routes around whatever screen is open. */
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Dressed } from './app/dressed.tsx';
import { preferences } from './app/preferences.ts';
import { queryClient } from './app/queries.ts';
import { router } from './app/router.tsx';
import { carryStyleNonce } from './app/style-nonce.ts';
import { startWords } from './words/index.ts';
import './console.css';

carryStyleNonce(document);
startWords(preferences().language);

createRoot(document.getElementById('console')!).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Dressed>
        <RouterProvider router={router} />
      </Dressed>
    </QueryClientProvider>
  </StrictMode>,
);
