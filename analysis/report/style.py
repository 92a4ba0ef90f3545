"""The style sheet of the report: screen, telephone, paper."""

STYLE = """
:root { color-scheme: light; --ink: #1c1c1c; --soft: #5a5a5a; --line: #d8d8d8;
  --wash: #f5f5f3; --blue: #00507d; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 16px/1.5 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 54rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4rem; text-wrap: balance; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 3rem 0 .75rem; padding-top: .6rem;
  border-top: 2px solid var(--ink); }
h3 { font-size: 1.02rem; margin: 1.75rem 0 .5rem; }
p { margin: .5rem 0; max-width: 44rem; }
a { color: var(--blue); }
.lead { color: var(--soft); }
.soft, small { color: var(--soft); font-size: .84rem; }
td small, th small { display: block; line-height: 1.35; font-weight: 400; }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: 1rem 0 0;
  padding: 0; list-style: none; color: var(--soft); font-size: .9rem; }
.facts b { color: var(--ink); font-weight: 600; }
.answer { margin: 1.5rem 0; padding: 1.1rem 1.25rem; background: var(--wash);
  border-left: 6px solid #767676; }
.answer.met { border-color: #009e73; }
.answer.missed { border-color: #d55e00; }
.answer.undecided { border-color: #0072b2; }
.answer p:first-child { font-size: 1.18rem; font-weight: 600; margin-top: 0; }
.answer p:last-child { margin-bottom: 0; }
ul { padding-left: 1.2rem; max-width: 46rem; }
li { margin: .25rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: 0; list-style: none;
  font-size: .9rem; max-width: none; }
.badge { display: inline-block; padding: .08rem .5rem; border-radius: .25rem;
  font-size: .82rem; font-weight: 700; white-space: nowrap; border: 2px solid #767676;
  background: #fff; color: #3c3c3c; }
.badge.met { border-color: #007a59; background: #007a59; color: #fff; }
.badge.missed { border-color: #b34700; color: #a03f00; }
.badge.undecided { border-color: #0072b2; border-style: dashed; color: #00507d; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .9rem; }
caption { text-align: left; color: var(--soft); font-size: .84rem; padding: 0 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .42rem .6rem .42rem 0;
  border-bottom: 1px solid var(--line); }
thead th { font-size: .8rem; line-height: 1.25; color: var(--soft); font-weight: 600;
  vertical-align: bottom; border-bottom: 1.5px solid var(--ink); }
tbody th { font-weight: 600; min-width: 8.5rem; }
td .whole { white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
th.number { white-space: normal; }
figure { margin: 1rem 0; }
figure .scroll { overflow-x: auto; }
img { display: block; width: 100%; height: auto; }
figcaption { color: var(--soft); font-size: .84rem; max-width: 44rem;
  margin-top: .4rem; }
ol.timeline { list-style: none; margin: .75rem 0; padding: 0; max-width: none; }
ol.timeline li { display: grid; grid-template-columns: 6.2rem 1fr; gap: .75rem;
  margin: 0; padding: .22rem 0 .22rem .6rem; border-left: 4px solid var(--line); }
ol.timeline time { color: var(--soft); white-space: nowrap;
  font-variant-numeric: tabular-nums; }
ol.timeline .inject { border-left-color: #cc79a7; font-weight: 600; }
ol.timeline .bad { border-left-color: #d55e00; background: #fdf3ec; }
ol.timeline .good { border-left-color: #009e73; }
dl { display: grid; grid-template-columns: 12rem 1fr; margin: .75rem 0;
  font-size: .92rem; }
dt { font-weight: 600; padding: .45rem .75rem .45rem 0; }
dd { margin: 0; padding: .45rem 0; overflow-wrap: anywhere; }
dt, dd { border-bottom: 1px solid var(--line); }
dd p { margin: 0 0 .35rem; }
dd p:last-child { margin: 0; }
footer { margin-top: 3rem; color: var(--soft); font-size: .84rem; }
@media (max-width: 40rem) {
  body { font-size: 15px; }
  main { padding: 1.25rem .9rem 3rem; }
  h1 { font-size: 1.45rem; }
  figure img { min-width: 38rem; }
  table, caption, tbody, tr, td, tbody th { display: block; width: 100%; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  tr { border-bottom: 1.5px solid var(--ink); padding: .45rem 0; }
  th, td { border: 0; padding: .1rem 0; }
  td, td.number { display: grid; grid-template-columns: 9.5rem 1fr; gap: .6rem;
    text-align: left; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); font-size: .82rem; }
  ol.timeline li { grid-template-columns: 5.2rem 1fr; gap: .5rem; }
  dl { display: block; }
  dt { border: 0; padding-bottom: 0; }
}
@page { size: A4; margin: 16mm 15mm; }
@media print {
  html { font-size: 12.5px; }
  body { font-size: 1rem; }
  main { max-width: none; padding: 0; }
  nav { display: none; }
  h2 { break-after: avoid; margin-top: 1.6rem; }
  h3, caption { break-after: avoid; }
  figure, tr, .answer, ol.timeline li { break-inside: avoid; }
  thead { display: table-header-group; }
  .answer, .badge, ol.timeline .bad { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  img { max-height: 235mm; width: auto; max-width: 100%; }
}
"""
