/** How the console becomes files: one page, its first screens in a few chunks, everything else when it is opened. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The node gives workers a policy of their own, by the folder that they stand in.
  worker: {
    format: 'es',
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/worker/[name]-[hash].js',
        chunkFileNames: 'assets/worker/[name]-[hash].js',
      },
    },
  },
  // The node puts a value of its own into every answer; styles that components add while they run carry it.
  html: { cspNonce: 'causeway-style-nonce' },
  build: {
    target: 'es2023',
    // Nothing is written into the page itself: no data address where a file would do, no script for old browsers.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: [`${import.meta.dirname}/index.html`, `${import.meta.dirname}/guest.html`],
    },
    reportCompressedSize: false,
  },
});
