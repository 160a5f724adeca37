import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: "page",
  plugins: [react()],
  build: {
    outDir: "../dist/page",
    emptyOutDir: true,
    // The policy of the server allows no data: address, and no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
