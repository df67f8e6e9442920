/**
 * What a worker starts with: the module that it was given, as a promise of its default export. It comes by `import` alone: `require`,
 * which Piscina tries first, has made Node 20 abort the whole process (IsGraphAsync) where a worker ended while it linked modules.
 */
const [entry = ""] = process.argv.slice(2);

module.exports = import(entry).then((module: { readonly default: unknown }) => module.default);
