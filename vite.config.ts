import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = process.env.TALLYLIGHT_SERVER ?? 'http://localhost:8080';
const page = (name: string) => join(import.meta.dirname, 'client', name);

/** Three pages: the studio, and the watch and embed pages, which carry no studio code. */
export default defineConfig({
  root: 'client',
  plugins: [react(), playerPages()],
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rollupOptions: { input: { studio: page('index.html'), watch: page('watch.html'), embed: page('embed.html') } },
  },
  server: {
    port: 5173,
    // The certificate of a server under development need not be one that anybody trusts.
    proxy: {
      '/api': { target: server, secure: false },
      '/play': { target: server, secure: false },
      '/whip': { target: server, secure: false },
      '/socket.io': { target: server, secure: false, ws: true },
    },
  },
});

/** During development: the pages behind `/watch/<id>` and `/embed/<id>`, as the server has them. */
function playerPages(): Plugin {
  return {
    name: 'player-pages',
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _, next) => {
        request.url = request.url?.replace(/^\/(watch|embed)\/[^/?.]+\/?(?=\?|$)/, '/$1.html');
        next();
      });
    },
  };
}
