/** The report's look: readable on a phone, in the dark and on paper. Colours by Okabe and Ito, which people tell apart
 * who see fewer of them; the frames lie on pictures of paper, so theirs stay the same in the dark. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#59636e;--paper:#fff;--ground:#f4f6f8;--line:#d8dee4;
--good:#00588a;--good-ground:#e3f1fa;--open:#8a4b00;--open-ground:#fff0d4;--none:#59636e;--none-ground:#eef0f2;
--bad:#a8201a;--bad-ground:#fde8e6;--mark:#ffe08a}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa5b1;--paper:#171b21;--ground:#0e1116;--line:#303842;
--good:#7cc4f2;--good-ground:#10293a;--open:#ffc266;--open-ground:#38290b;--none:#9aa5b1;--none-ground:#232a32;
--bad:#ff9a92;--bad-ground:#3d1715;--mark:#6b5200}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0 auto;padding:2rem 1.5rem 4rem;max-width:76rem;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{margin:0 0 .3rem;font-size:1.7rem;line-height:1.2;letter-spacing:-.01em}
h2{margin:0 0 .4rem;font-size:1.15rem;overflow-wrap:anywhere}
h3{margin:1.4rem 0 .5rem;font-size:1rem}
h3 small,.sub,.place,.note,.pages{color:var(--soft);font-weight:400}
.sub{margin:0 0 1rem;max-width:70ch}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
a{color:var(--good);text-underline-offset:.15em}
section{margin-top:1.25rem;padding:1.25rem 1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:10px}
.document{content-visibility:auto;contain-intrinsic-size:auto 900px}
.cards{display:flex;flex-wrap:wrap;gap:.6rem;margin:0;padding:0;list-style:none}
.cards li{min-width:7.5rem;padding:.6rem .9rem;background:var(--paper);border:1px solid var(--line);border-radius:10px}
.cards b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.cards i{font-style:normal;font-weight:700}
.cards .verified,.cards .unverified,.cards .rejected{border-left:4px solid}
li.verified{color:var(--good)}li.unverified{color:var(--open)}li.rejected{color:var(--bad)}li.missing{color:var(--none)}
table{width:100%;border-collapse:collapse}
th,td{padding:.6rem .75rem;text-align:left;vertical-align:top;border-top:1px solid var(--line)}
th{font-weight:600;overflow-wrap:anywhere}
thead th{border-top:0;color:var(--soft);font-size:.85rem;white-space:nowrap}
.wide{overflow-x:auto}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.index .number{white-space:nowrap;font-variant-numeric:tabular-nums}
.fields{table-layout:fixed}
.fields col:nth-child(1){width:16%}.fields col:nth-child(2){width:31%}.fields col:nth-child(3){width:53%}
.fields th{padding-left:0;font-weight:500;color:var(--soft)}
.fields td:last-child{padding-right:0}
.value{margin-bottom:.25rem;font-size:1.15rem;font-weight:600;overflow-wrap:anywhere;white-space:pre-wrap;
font-variant-numeric:tabular-nums;unicode-bidi:isolate}
.value:empty{display:none}
.rejected .value{text-decoration:line-through}
.chip{display:inline-block;padding:.05rem .55rem;border-radius:1rem;font-size:.82rem;font-weight:600;white-space:nowrap}
.chip.verified{color:var(--good);background:var(--good-ground)}
.chip.unverified{color:var(--open);background:var(--open-ground);outline:1px dashed}
.chip.missing{color:var(--none);background:var(--none-ground)}
.chip.rejected{color:var(--bad);background:var(--bad-ground)}
.sign{font-weight:800}
.sign.verified{color:var(--good)}.sign.unverified{color:var(--open);background:var(--open-ground);padding:0 .4em;border-radius:3px}
.sign.missing{color:var(--none)}.sign.rejected{color:var(--bad)}
.note{margin:.35rem 0 0;font-size:.88rem;overflow-wrap:anywhere;unicode-bidi:isolate}
.hint{margin:.5rem 0;padding:.5rem .8rem;border-left:3px solid var(--open);background:var(--open-ground);overflow-wrap:anywhere}
.list .amount,.list .integer{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.proof td{padding-top:0;border-top:0}
.said{margin-bottom:.5rem;font-size:.88rem}
figure{margin:0 0 .6rem}
figcaption{margin-top:.3rem;font-size:.85rem;overflow-wrap:anywhere}
.quote{unicode-bidi:isolate}
.quote q{quotes:"“" "”"}
.around{color:var(--soft)}
mark{background:var(--mark);color:inherit;border-radius:2px;padding:0 .1em}
.store{position:absolute}
.crop,.whole svg{display:block;width:100%;background:#fff;border:1px solid var(--line);border-radius:6px}
.crop{max-height:22rem}
.list .crop{min-width:26rem;max-width:44rem}
.frame{fill:none;stroke-width:2px;vector-effect:non-scaling-stroke}
.frame.verified{stroke:#0072b2}
.frame.unverified{stroke:#d55e00;stroke-dasharray:6 3}
.frame.rejected{stroke:#a8201a;stroke-dasharray:2 3}
.checks,.failures{margin:0;padding:0;list-style:none}
.checks li,.failures li{padding:.25rem 0;overflow-wrap:anywhere}
.pages{margin:.9rem 0 0;padding-left:1.1rem;font-size:.85rem}
details{margin-top:.6rem}
summary{cursor:pointer;color:var(--good)}
.whole svg{margin-top:.5rem;max-width:60rem}
tr:target,td:target{outline:3px solid var(--good);outline-offset:-1px}
footer{margin-top:1.5rem;color:var(--soft);font-size:.85rem}
@media(max-width:44rem){body{padding:1.2rem .75rem 3rem}section{padding:1rem .9rem}
.fields,.fields tbody,.fields tr,.fields th,.fields td,.fields td:last-child{display:block;width:auto}
.fields tr{padding:.7rem 0;border-top:1px solid var(--line)}.fields th,.fields td{padding:.15rem 0;border:0}
.index,.index tbody,.index tr,.index th,.index td{display:block}.index thead{display:none}
.index tr{padding:.5rem 0;border-top:1px solid var(--line)}.index th,.index td{padding:.1rem 0;border:0}
.index .number::after{content:" verified"}.index .todo::before{content:"To look at: "}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--paper:#fff;--ground:#fff;--line:#bbb;--good:#00588a;--open:#8a4b00;--bad:#a8201a}
body{max-width:none;padding:0;font-size:10.5pt}section{border:0;padding:0;margin-top:1.5rem}
.document{content-visibility:visible;break-before:page}tr,figure{break-inside:avoid}.whole{display:none}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
