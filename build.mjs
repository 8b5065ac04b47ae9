/** Bundles the plugin into one ESM file: what the launcher, the npm package and the binaries run. */
import { build } from 'esbuild'

await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  entryNames: 'kubectl-rollouts_group',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifySyntax: true,
  sourcemap: 'linked',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: { js: "import { createRequire as rolloutsGroupRequire } from 'node:module'; const require = rolloutsGroupRequire(import.meta.url);" },
  logLevel: 'warning',
})
