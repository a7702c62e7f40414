import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env.TALLYLIGHT_SERVER ?? 'http://localhost:8080';

/** Three pages: the studio, and the watch and embed pages, which carry no studio code. */
export default defineConfig({
  root: 'client',
  plugins: [react()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: { studio: 'client/index.html', watch: 'client/watch.html', embed: 'client/embed.html' } },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': server,
      '/play': server,
      '/whip': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});
