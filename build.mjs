/** Bundles the plugin into one ESM file: what the launcher, the npm package and the binaries run. */
import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build } from 'esbuild'

/** Help texts are ASCII: yargs gets the string-width of cli-table3, since its own compiles 18 ms of Unicode tables at every start. */
const lightStringWidth = {
  name: 'light-string-width',
  setup: ({ onResolve }) => onResolve({ filter: /^string-width$/ }, ({ importer }) =>
    (/node_modules\/(yargs|cliui)\//.test(importer) ? { path: resolve('node_modules/string-width/index.js') } : undefined)),
}

/** Ink asks for React's developer tools, which it never starts without DEV. */
const noDevtools = {
  name: 'no-devtools',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'none' }))
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default undefined' }))
  },
}

// Chunks are named after their contents; former ones would pile up.
await rm('dist', { recursive: true, force: true })
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
  plugins: [lightStringWidth, noDevtools],
  sourcemap: 'linked',
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  banner: { js: "import { createRequire as rolloutsGroupRequire } from 'node:module'; const require = rolloutsGroupRequire(import.meta.url);" },
  logLevel: 'warning',
})
