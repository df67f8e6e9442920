/** Dark ground and ink are those of the dark figures, so that a figure has no edge. */
export const style = `
:root { color-scheme: light dark; --paper: #fff; --text: #1a1a1a; --faint: #5c6168; --line: #dcdfe3; --ground: #f4f5f6; --link: #1857a4;
	--yes: #d7f0dd; --partly: #fdf0c8; --no: #f8d9d3; --open: #e3e6ea; --ink: #1a1a1a; }
@media screen and (prefers-color-scheme: dark) {
	:root { --paper: #14171c; --text: #e9eaec; --faint: #a3a9b2; --line: #343942; --ground: #1d2127; --link: #8ab8f5;
		--yes: #1f5231; --partly: #5a4a14; --no: #6b2d22; --open: #3a404a; --ink: #f4f5f6; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { font: 1.0625rem/1.6 Charter, "Bitstream Charter", "Source Serif 4", Cambria, Georgia, serif; color: var(--text); background: var(--paper); margin: 0; overflow-wrap: break-word; }
main, header { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header { max-width: 72rem; display: grid; gap: 1rem 2.5rem; align-items: center; padding-top: 1.5rem; }
header p { margin: 0.8rem 0 0; }
header .lede { font-size: 1.2rem; line-height: 1.5; }
header figure { margin: 0; }
header img { display: block; width: 100%; max-height: 86vh; object-fit: contain; }
header figure { order: -1; }
@media (min-width: 60rem) { header figure { order: 0; } header { grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); } }
h1, h2, h3, nav, table, figcaption, .badge, .name, .known, .made, summary { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: clamp(1.9rem, 1.2rem + 3vw, 2.9rem); line-height: 1.12; letter-spacing: -0.02em; margin: 0; text-wrap: balance; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; text-wrap: balance; }
h3 { font-size: 1.05rem; margin: 1.6rem 0 0.4rem; }
math { font-family: "Latin Modern Math", "STIX Two Math", "Cambria Math", "TeX Gyre Termes Math", "DejaVu Math TeX Gyre", math; }
a { color: var(--link); text-underline-offset: 0.15em; }
:target { scroll-margin-top: 1rem; }
.formula:target, li:target { background: var(--ground); }
section { margin-top: 3.5rem; padding-top: 1.5rem; border-top: 1px solid var(--line); }
nav { margin-top: 2rem; font-size: 0.95rem; }
nav ol { list-style: none; padding: 0; margin: 0; }
nav li { display: flex; gap: 0.6rem; justify-content: space-between; align-items: baseline; padding: 0.28rem 0; border-bottom: 1px solid var(--line); }
nav li a { text-decoration: none; }
nav li a:hover { text-decoration: underline; }
.claim { font-size: 1.15rem; font-style: italic; margin: 0 0 0.4rem; }
.verdict { border-left: 0.3rem solid var(--mark); padding: 0.1rem 0 0.1rem 0.9rem; margin: 1.4rem 0; }
.verdict p { margin: 0.3rem 0; }
.yes { --mark: var(--yes); } .partly { --mark: var(--partly); } .no { --mark: var(--no); } .open { --mark: var(--open); }
.badge { background: var(--mark); color: var(--ink); padding: 0.1rem 0.5rem; border-radius: 0.3rem; white-space: nowrap; font-size: 0.85rem; }
figure { margin: 1.6rem 0; }
figure img { display: block; width: 100%; height: auto; }
figcaption { font-size: 0.85rem; line-height: 1.45; color: var(--faint); margin-top: 0.5rem; }
figcaption b { color: var(--text); }
@media (prefers-reduced-motion: reduce) { .moving { display: none; } }
.scroll { overflow-x: auto; }
.wide img { min-width: 38rem; }
.broad img { min-width: 52rem; }
.pair { display: grid; gap: 1.5rem; }
.pair figure { margin: 0; min-width: 0; }
@media (min-width: 68rem) { .broad { width: 66rem; margin-left: calc((100% - 66rem) / 2); } .pair { grid-template-columns: 1fr 1fr; width: 66rem; margin-left: calc((100% - 66rem) / 2); } }
.formula { margin: 1.4rem 0; padding: 0.2rem 0; }
.formula .name { font-size: 0.85rem; font-weight: 600; margin: 0; }
.formula .line { display: flex; align-items: center; padding: 0.5rem 0; }
.formula math[display] { flex: 1; font-size: 1.15rem; }
.formula .count { color: var(--faint); padding-left: 1rem; }
.formula .symbols { font-size: 0.9rem; color: var(--faint); margin: 0; }
.symbols math { color: var(--text); }
.known { font-size: 0.85rem; color: var(--faint); }
table { border-collapse: collapse; font-size: 0.85rem; line-height: 1.4; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th { font-weight: normal; }
@media (max-width: 40rem) { .formula math[display] { font-size: 1rem; } table.columns { min-width: 38rem; } }
thead th { color: var(--faint); vertical-align: bottom; }
.name-of { overflow-wrap: anywhere; }
.made { font-size: 0.85rem; color: var(--faint); }
pre { font: 0.8rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; background: var(--ground); padding: 0.7rem 0.9rem; border-radius: 0.3rem; margin: 0.4rem 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.flag { white-space: nowrap; }
pre.command { user-select: all; }
pre code { display: block; padding-left: 1.5em; text-indent: -1.5em; font: inherit; }
pre code + code { margin-top: 0.5em; }
summary { cursor: pointer; font-size: 0.85rem; color: var(--faint); }
.references { padding-left: 1.2rem; font-size: 0.95rem; }
.references li { margin: 0.5rem 0; }
.references sup { line-height: 0; }
footer { max-width: 46rem; margin: 4rem auto 0; padding: 1rem 1rem 3rem; font-size: 0.85rem; color: var(--faint); }
@media print {
	:root { color-scheme: light; --paper: #fff; --text: #000; --faint: #444; --line: #bbb; --ground: #f4f4f4; --link: #000;
		--yes: #d7f0dd; --partly: #fdf0c8; --no: #f8d9d3; --open: #e3e6ea; --ink: #000; }
	@page { margin: 18mm; }
	body { font-size: 10.5pt; }
	main, header, footer { max-width: none; padding: 0; }
	header { grid-template-columns: 1fr; }
	header img { max-height: 12cm; }
	section { margin-top: 1.5rem; }
	figure, .formula, .verdict, tr, pre { break-inside: avoid; }
	h2, h3, .claim { break-after: avoid; }
	.pair { grid-template-columns: 1fr 1fr; width: auto; margin-left: 0; gap: 0.5rem; }
	.broad { width: auto; margin-left: 0; }
	.wide img, .broad img { min-width: 0; }
	.scroll { overflow: visible; }
	details:not([open]), .moving { display: none; }
}
`;
